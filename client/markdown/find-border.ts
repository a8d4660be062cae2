import type { BuiltTree } from './build-tree.ts'
import { isLineBreak, lineEndOf, lineStartOf } from './line-breaks.ts'
import type { BlockNode, MarkdownPiece } from './markdown-tree.ts'
import type { BlockStart } from './tree-state.ts'

/**
 * A place where the text may be cut so that both halves, compiled alone, give what they give together. `inside` tells that it
 * lies within the node at `nodeCount`: before an item or row, or between the lines of a fence that began at `start`.
 */
export type Border = {
  readonly offset: number
  readonly nodeCount: number
  readonly inside:
    | { readonly kind: 'list' | 'table'; readonly childCount: number; readonly start: number }
    | { readonly kind: 'fence'; readonly start: number }
    | null
}

type Search = {
  readonly source: string
  readonly headLength: number
  readonly tree: BuiltTree
  readonly at: number | null
}

/**
 * The last border of a text, or the one at an offset that was a border before. A line decides what it begins once it is
 * finished; a top-level block needs a blank line before it as well, since without one the next line may claim it.
 */
export function findBorder(
  source: string,
  headLength: number,
  tree: BuiltTree,
  split: MarkdownPiece['split'],
): Border | null {
  if (split === null) return null
  const at = 'at' in split ? split.at + headLength : null
  const search: Search = { source, headLength, tree, at }
  for (let index = tree.blockStarts.length - 1; index >= 0; index--) {
    const start = tree.blockStarts[index]
    if (start === undefined) continue
    const border = borderInside(search, start, index) ?? borderBefore(search, start, index)
    if (border === null) continue
    return 'at' in split || border.offset - headLength >= split.atLeast ? border : null
  }
  return null
}

function isAdmitted({ source, headLength, at }: Search, offset: number): boolean {
  if (offset <= headLength) return false
  if (at !== null) return offset === at
  const end = lineEndOf(source, offset)
  return end > offset && isLineBreak(source, end - 1)
}

function nodeAt(tree: BuiltTree, start: BlockStart, index: number): BlockNode | undefined {
  const next = tree.blockStarts[index + 1]?.nodeCount ?? tree.nodes.length
  return next > start.nodeCount ? tree.nodes[start.nodeCount] : undefined
}

function borderInside(search: Search, start: BlockStart, index: number): Border | null {
  const node = nodeAt(search.tree, start, index)
  switch (node?.kind) {
    case 'list':
    case 'table':
      return borderBetween(search, start, node)
    case 'code':
      return borderInFence(search, start, index, node.isClosed)
    default:
      return null
  }
}

function borderBetween(
  search: Search,
  start: BlockStart,
  node: Extract<BlockNode, { kind: 'list' | 'table' }>,
): Border | null {
  for (let childCount = node.children.length - 1; childCount >= 1; childCount--) {
    const child = node.children[childCount]
    const partStart = child && search.tree.partStarts.get(child)
    if (partStart === undefined) continue
    const offset = lineStartOf(search.source, partStart)
    const inside = { kind: node.kind, childCount, start: lineStartOf(search.source, start.offset) }
    if (isAdmitted(search, offset)) return { offset, nodeCount: start.nodeCount, inside }
  }
  return null
}

function isFenceAt(source: string, start: BlockStart | undefined): boolean {
  return start !== undefined && '`~'.includes(source.charAt(start.offset))
}

/** Every finished line of an open fence is a line of code for good. */
function borderInFence(
  { source, headLength, tree, at }: Search,
  start: BlockStart,
  index: number,
  isClosed: boolean,
): Border | null {
  if (!isFenceAt(source, start)) return null
  const fenceStart = lineStartOf(source, start.offset)
  const firstLine = lineEndOf(source, fenceStart)
  const inside = { kind: 'fence', start: fenceStart } as const
  const nextBlock = tree.blockStarts[index + 1]?.offset ?? source.length + 1
  if (at !== null) {
    return at > Math.max(firstLine - 1, headLength) && at < nextBlock
      ? { offset: at, nodeCount: start.nodeCount, inside }
      : null
  }
  // A carriage return at the very end may be the first half of a line break.
  const finished = source.endsWith('\r') ? source.slice(0, -1) : source
  const offset = lineStartOf(finished, finished.length)
  return !isClosed && offset > Math.max(firstLine, headLength) ? { offset, nodeCount: start.nodeCount, inside } : null
}

function borderBefore(search: Search, start: BlockStart, index: number): Border | null {
  const { source } = search
  const offset = lineStartOf(source, start.offset)
  if (index === 0 || isIndentedCode(search, index) || isIndentedCode(search, index - 1) || !isAdmitted(search, offset))
    return null
  const before = source.slice(lineStartOf(source, previousLine(source, offset)), offset)
  // At the start of a text a byte order mark is dropped, in the middle it is a letter.
  if (before.trim() !== '' || source.charAt(offset) === '\uFEFF') return null
  return { offset, nodeCount: start.nodeCount, inside: null }
}

function previousLine(source: string, lineStart: number): number {
  return source.startsWith('\r\n', lineStart - 2) ? lineStart - 2 : lineStart - 1
}

/**
 * Whether a list that does not start with 1 may follow indented code depends, in the tokenizer, on what stands before the
 * code: so all three stay together.
 */
function isIndentedCode({ source, tree }: Search, index: number): boolean {
  const start = tree.blockStarts[index]
  const node = start && nodeAt(tree, start, index)
  return node?.kind === 'code' && !isFenceAt(source, start)
}
