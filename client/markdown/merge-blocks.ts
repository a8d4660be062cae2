import type { BlockNode } from './markdown-tree.ts'

/** The nodes of a part, its first one joined to the last one before it when the part began inside that block. */
export function appendNodes(
  before: readonly BlockNode[],
  nodes: readonly BlockNode[],
  isInside: boolean,
): readonly BlockNode[] {
  const last = before.at(-1)
  const [first, ...rest] = nodes
  if (!isInside || last === undefined || first === undefined) return [...before, ...nodes]
  return [...before.slice(0, -1), mergeBlocks(last, first), ...rest]
}

function mergeBlocks(before: BlockNode, after: BlockNode): BlockNode {
  if (before.kind === 'list' && after.kind === 'list') {
    const isLoose = before.isLoose || after.isLoose
    return { ...before, isLoose, children: [...before.children, ...after.children] }
  }
  if (before.kind === 'table' && after.kind === 'table') {
    return { ...before, children: [...before.children, ...after.children] }
  }
  if (before.kind === 'code' && after.kind === 'code') {
    return { ...before, text: before.text + after.text, isClosed: after.isClosed }
  }
  throw new RangeError(`A ${before.kind} cannot go on as a ${after.kind}.`)
}
