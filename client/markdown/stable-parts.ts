import { collectLabels, type Labels } from './label-index.ts'
import type { BlockNode, CompiledPart, OpenBlock } from './markdown-tree.ts'
import { appendNodes } from './merge-blocks.ts'

/** A part that no later text changes, where it lies in the text, and the block it begins with. */
type StablePart = CompiledPart & { readonly start: number; readonly firstBlock: number }

/** The parts of a text up to its last safe border. */
export interface StableParts {
  length(): number
  /** Blocks that are complete; the one that the next part goes on with is not among them. */
  blockCount(): number
  /** What the next part begins inside, and that block so far. */
  inside(): OpenBlock | null
  joint(): readonly BlockNode[]
  labels(): Labels
  calls(): readonly string[]
  part(index: number): StablePart
  /** Adds the next part, after which the text goes on inside `next`; returns the blocks that are now complete. */
  add(part: CompiledPart, next: OpenBlock | null): readonly BlockNode[]
  /** Parts that asked for one of the labels. */
  askersOf(labels: readonly string[]): readonly number[]
  replace(index: number, part: CompiledPart): void
  /** The complete blocks that hold something of the parts. */
  blocksOf(parts: readonly number[]): readonly { readonly index: number; readonly node: BlockNode }[]
}

const NO_LABELS: Labels = { links: new Map(), footnotes: new Map() }

export function createStableParts(): StableParts {
  const parts: StablePart[] = []
  const askers = new Map<string, Set<number>>()
  let length = 0
  let blockCount = 0
  let inside: OpenBlock | null = null
  let joint: readonly BlockNode[] = []
  let labels = NO_LABELS
  let calls: string[] = []

  function partAt(index: number): StablePart {
    const part = parts[index]
    if (part === undefined) throw new RangeError(`There is no part ${index}.`)
    return part
  }

  function noteAsked(index: number, asked: readonly string[]): void {
    for (const label of asked) {
      const known = askers.get(label)
      if (known === undefined) askers.set(label, new Set([index]))
      else known.add(index)
    }
  }

  function add(part: CompiledPart, next: OpenBlock | null): readonly BlockNode[] {
    noteAsked(parts.length, part.asked)
    parts.push({ ...part, start: length, firstBlock: blockCount })
    const nodes = appendNodes(joint, part.nodes, part.inside !== null)
    const complete = next === null ? nodes : nodes.slice(0, -1)
    joint = nodes.slice(complete.length)
    inside = next
    length += part.length
    blockCount += complete.length
    labels = collectLabels(labels, part)
    calls.push(...part.calls)
    return complete
  }

  function replace(index: number, part: CompiledPart): void {
    const { start, firstBlock } = partAt(index)
    parts[index] = { ...part, start, firstBlock }
    noteAsked(index, part.asked)
    labels = parts.reduce(collectLabels, NO_LABELS)
    calls = parts.flatMap(known => known.calls)
    const [first, nodes] = groupOf(index)
    if (inside !== null && first + nodes.length > blockCount) joint = nodes.slice(-1)
  }

  /** The blocks that a part shares with its neighbours, and the index of the first. */
  function groupOf(index: number): [number, readonly BlockNode[]] {
    let from = index
    while (partAt(from).inside !== null) from--
    let nodes = partAt(from).nodes
    for (let at = from + 1; at <= index || parts[at]?.inside; at++) nodes = appendNodes(nodes, partAt(at).nodes, true)
    return [partAt(from).firstBlock, nodes]
  }

  function blocksOf(indexes: readonly number[]): readonly { readonly index: number; readonly node: BlockNode }[] {
    const found = new Map<number, BlockNode>()
    for (const part of indexes) {
      const [first, nodes] = groupOf(part)
      for (const [offset, node] of nodes.entries()) if (first + offset < blockCount) found.set(first + offset, node)
    }
    return [...found].map(([index, node]) => ({ index, node }))
  }

  return {
    length: () => length,
    blockCount: () => blockCount,
    inside: () => inside,
    joint: () => joint,
    labels: () => labels,
    calls: () => calls,
    part: partAt,
    add,
    askersOf: changed =>
      [...new Set(changed.flatMap(label => [...(askers.get(label) ?? [])]))].toSorted((a, b) => a - b),
    replace,
    blocksOf,
  }
}
