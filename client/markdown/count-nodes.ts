import type { BlockNode, InlineNode } from './markdown-tree.ts'

/** Roughly how many elements and texts a tree will have in the page. */
export function countNodes(nodes: readonly (BlockNode | InlineNode)[]): number {
  return nodes.reduce((sum, node) => sum + countNode(node), 0)
}

function countNode(node: BlockNode | InlineNode): number {
  if (typeof node === 'string') return 1
  if (node.kind === 'table')
    return node.children.flatMap(row => row.cells).reduce((sum, cell) => sum + 1 + countNodes(cell), 1)
  if (node.kind === 'list') return node.children.reduce((sum, item) => sum + 1 + countNodes(item.children), 1)
  return 'children' in node ? 1 + countNodes(node.children) : 2
}
