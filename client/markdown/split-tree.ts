import type { BuiltTree } from './build-tree.ts'
import type { Border } from './find-border.ts'
import { lineEndOf, lineStartOf } from './line-breaks.ts'
import type { BlockNode, CompiledPart, CompiledPiece, LinkDefinition, OpenBlock } from './markdown-tree.ts'
import type { Located } from './tree-state.ts'

export type SplitOptions = {
  readonly tree: BuiltTree
  readonly definitions: readonly Located<LinkDefinition>[]
  readonly asked: readonly string[]
  readonly border: Border | null
  readonly source: string
  readonly headLength: number
  readonly inside: OpenBlock | null
  /** The text that a fence with this source holds. */
  readonly readFence: (source: string) => string
}

/** Cuts a tree at its border. The head that the piece was given to stand on belongs to neither half. */
export function splitTree(options: SplitOptions): CompiledPiece {
  const { tree, border, source, headLength, inside } = options
  const own = withoutHead(tree, inside)
  if (border === null) {
    return { stable: null, open: partOf(options, own, { from: headLength, to: source.length, inside }) }
  }
  const [before, after] = cutNodes(options, own, border)
  const openInside = openBlockAt(options, border)
  return {
    stable: partOf(options, before, { from: headLength, to: border.offset, inside }),
    open: partOf(options, after, { from: border.offset, to: source.length, inside: openInside }),
  }
}

type Range = { readonly from: number; readonly to: number; readonly inside: OpenBlock | null }

function partOf(options: SplitOptions, nodes: readonly BlockNode[], { from, to, inside }: Range): CompiledPart {
  const { tree, definitions, asked } = options
  const within = <T>(entries: readonly Located<T>[]): readonly T[] =>
    entries.filter(entry => entry.offset >= from && entry.offset < to).map(entry => entry.value)
  return {
    length: to - from,
    inside,
    nodes,
    definitions: within(definitions),
    footnotes: within(tree.footnotes),
    calls: within(tree.calls),
    asked,
  }
}

/** The piece's nodes; of a table that began earlier, only the rows that are its own. */
function withoutHead(tree: BuiltTree, inside: OpenBlock | null): readonly BlockNode[] {
  const [first, ...rest] = tree.nodes
  if (inside?.kind !== 'table' || first?.kind !== 'table') return tree.nodes
  return [{ ...first, children: first.children.slice(1) }, ...rest]
}

function cutNodes(
  options: SplitOptions,
  nodes: readonly BlockNode[],
  border: Border,
): [readonly BlockNode[], readonly BlockNode[]] {
  const before = nodes.slice(0, border.nodeCount)
  const node = nodes[border.nodeCount]
  if (border.inside === null || node === undefined) return [before, nodes.slice(border.nodeCount)]
  const [left, right] = cutNode(options, node, border)
  return [
    [...before, left],
    [right, ...nodes.slice(border.nodeCount + 1)],
  ]
}

function cutNode(options: SplitOptions, node: BlockNode, border: Border): [BlockNode, BlockNode] {
  const { tree, source, inside } = options
  if (node.kind === 'list' && border.inside?.kind === 'list') {
    const { childCount } = border.inside
    const looseAt = tree.looseAt.get(node) ?? Number.POSITIVE_INFINITY
    return [
      { ...node, isLoose: looseAt < border.offset, children: node.children.slice(0, childCount) },
      { ...node, children: node.children.slice(childCount) },
    ]
  }
  if (node.kind === 'table' && border.inside?.kind === 'table') {
    const isHeadGone = border.nodeCount === 0 && inside?.kind === 'table'
    const childCount = border.inside.childCount - (isHeadGone ? 1 : 0)
    return [
      { ...node, children: node.children.slice(0, childCount) },
      { ...node, children: node.children.slice(childCount) },
    ]
  }
  if (node.kind === 'code' && border.inside?.kind === 'fence') {
    const { start } = border.inside
    const openText = options.readFence(fenceHead(source, start) + source.slice(border.offset))
    const cut = node.text.length - openText.length
    return [
      { ...node, text: node.text.slice(0, cut), isClosed: false },
      { ...node, text: node.text.slice(cut) },
    ]
  }
  throw new RangeError(`A border inside a ${border.inside?.kind} lies in a ${node.kind}.`)
}

function openBlockAt({ tree, source }: SplitOptions, { inside, nodeCount }: Border): OpenBlock | null {
  if (inside === null || inside.kind === 'list') return inside && { kind: 'list' }
  if (inside.kind === 'fence') return { kind: 'fence', head: fenceHead(source, inside.start) }
  const node = tree.nodes[nodeCount]
  const firstRow = node?.kind === 'table' ? node.children[1] : undefined
  const bodyStart = lineStartOf(source, (firstRow && tree.partStarts.get(firstRow)) ?? 0)
  return { kind: 'table', head: source.slice(inside.start, bodyStart) }
}

/** The line that opens a fence. A lone carriage return at its end would pair up with a line feed that begins the next piece. */
function fenceHead(source: string, start: number): string {
  return source.slice(start, lineEndOf(source, start)).replace(/\r\n?$/, '\n')
}
