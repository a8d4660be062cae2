import type { KeptNode } from '../../stores/last-screen.ts'

/** The nodes again that were kept of an earlier page: elements that this program itself had made, by `createElement` alone. */
export function keptNodes(nodes: readonly KeptNode[]): readonly (Node | string)[] {
  return nodes.map(node => {
    if (typeof node === 'string') return node
    const element = document.createElement(node.tag)
    for (const [name, value] of Object.entries(node.attributes)) element.setAttribute(name, value)
    element.append(...keptNodes(node.children))
    return element
  })
}
