import type { Event, Token, TokenizeContext } from 'micromark-util-types'
import type {
  BlockNode,
  FootnoteDefinition,
  InlineNode,
  LinkDefinition,
  ListItemNode,
  TableRowNode,
} from './markdown-tree.ts'

/** A construct whose end has not been seen yet, with what it holds so far. */
export type Frame = {
  readonly kind: 'root' | 'container' | 'list' | 'item' | 'leaf' | 'span' | 'media' | 'code' | 'raw' | 'table' | 'row'
  readonly blocks: BlockNode[]
  readonly inline: InlineNode[]
  readonly items: ListItemNode[]
  readonly rows: TableRowNode[]
  readonly cells: (readonly InlineNode[])[]
  readonly start: number
  text: string
  info: string
  depth: number
  label: string
  destination: string | undefined
  title: string | undefined
  isChecked: boolean | undefined
  isAfterCheck: boolean
  isLineEndingDropped: boolean
  fenceCount: number
  firstNumber: number | undefined
  /** Offset of the first sign that a list is loose; infinite while there is none. */
  looseAt: number
  isAtMarker: boolean
}

export type Located<T> = { readonly offset: number; readonly value: T }

/** Where a top-level block begins, and how many nodes stand before it. */
export type BlockStart = { readonly offset: number; readonly nodeCount: number }

export type TreeState = {
  readonly frames: Frame[]
  readonly definitions: ReadonlyMap<string, LinkDefinition>
  readonly ownOrigin: string
  readonly calls: Located<string>[]
  readonly footnotes: Located<FootnoteDefinition>[]
  readonly blockStarts: BlockStart[]
  /** Offsets of the items of top-level lists and of the rows of top-level tables. */
  readonly partStarts: Map<ListItemNode | TableRowNode, number>
  /** For each top-level list, the offset of the first sign that it is loose. */
  readonly looseAt: Map<BlockNode, number>
  referenceRadix: 0 | 10 | 16
  /** Index of the event at hand; a handler that reads ahead moves it. */
  position: number
}

/** What a handler sees: one event and the way to the ones around it. */
export type Cursor = {
  readonly state: TreeState
  readonly token: Token
  readonly context: TokenizeContext
  readonly events: readonly Event[]
  readonly index: number
}

/** Takes one event. */
export type Handler = (cursor: Cursor) => void
export type Handlers = Readonly<Record<string, Handler>>

/** An empty frame; a span may share the line of its parent. */
export function openFrame(state: TreeState, kind: Frame['kind'], start: number, inline: InlineNode[] = []): Frame {
  const frame: Frame = {
    kind,
    inline,
    start,
    blocks: [],
    items: [],
    rows: [],
    cells: [],
    text: '',
    info: '',
    depth: 0,
    label: '',
    destination: undefined,
    title: undefined,
    isChecked: undefined,
    isAfterCheck: false,
    isLineEndingDropped: false,
    fenceCount: 0,
    firstNumber: undefined,
    looseAt: Number.POSITIVE_INFINITY,
    isAtMarker: false,
  }
  state.frames.push(frame)
  return frame
}

/** The innermost open frame. */
export function topFrame(state: TreeState): Frame {
  const frame = state.frames.at(-1)
  if (frame === undefined) throw new RangeError('A Markdown event closed more than was open.')
  return frame
}

/** Ends the innermost frame and returns it. */
export function closeFrame(state: TreeState): Frame {
  const frame = topFrame(state)
  state.frames.pop()
  return frame
}

/** The source text of a token. */
export function sourceOf(cursor: Cursor): string {
  return cursor.context.sliceSerialize(cursor.token)
}

/** Moves to the event that ends the cursor's token and returns its index. */
export function skipToken({ state, events, index, token }: Cursor): number {
  let at = index
  while (++at < events.length) {
    const event = events[at]
    if (event?.[0] === 'exit' && event[1] === token) break
  }
  state.position = at
  return at
}
