import type { InlineNode } from './markdown-tree.ts'

/** The words of a line without their marks; a picture gives its description. */
export function plainText(nodes: readonly InlineNode[]): string {
  return nodes.map(textOf).join('')
}

function textOf(node: InlineNode): string {
  if (typeof node === 'string') return node
  switch (node.kind) {
    case 'code-text':
      return node.text
    case 'picture':
      return node.alt
    case 'break':
      return '\n'
    case 'footnote-call':
      return ''
    default:
      return plainText(node.children)
  }
}
