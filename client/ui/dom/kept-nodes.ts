import { VIEW_ATTRIBUTES, VIEW_TAGS } from '../../markdown/view-node.ts'
import type { KeptNode } from '../../stores/last-screen.ts'

const TAGS: ReadonlySet<string> = new Set(VIEW_TAGS)
const ATTRIBUTES: ReadonlySet<string> = new Set(VIEW_ATTRIBUTES)
const ADDRESS = /^(?:https?:\/\/|mailto:|#)/i

/**
 * The nodes again that were kept of an earlier page, by `createElement` alone; null where one of them is nothing that an answer
 * is made of: a browser's extension had written in the page, or somebody in the storage.
 */
export function keptNodes(nodes: readonly KeptNode[]): readonly (Node | string)[] | null {
  return nodes.every(isOfAnswer) ? nodes.map(nodeOf) : null
}

function isOfAnswer(node: KeptNode): boolean {
  if (typeof node === 'string') return true
  const { tag, attributes, children } = node
  return TAGS.has(tag) && Object.entries(attributes).every(isHarmless) && children.every(isOfAnswer)
}

function isHarmless([name, value]: readonly [string, string]): boolean {
  return ATTRIBUTES.has(name) && (name !== 'href' || ADDRESS.test(value))
}

function nodeOf(node: KeptNode): Node | string {
  if (typeof node === 'string') return node
  const element = document.createElement(node.tag)
  for (const [name, value] of Object.entries(node.attributes)) element.setAttribute(name, value)
  element.append(...node.children.map(nodeOf))
  return element
}
