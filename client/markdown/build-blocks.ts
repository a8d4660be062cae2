import { normalizeIdentifier } from 'micromark-util-normalize-identifier'
import { addText } from './build-inlines.ts'
import { decodeString } from './decode-string.ts'
import type { Alignment, BlockNode, HeadingDepth } from './markdown-tree.ts'
import {
  type Cursor,
  closeFrame,
  type Frame,
  type Handler,
  type Handlers,
  openFrame,
  skipToken,
  sourceOf,
  type TreeState,
  topFrame,
} from './tree-state.ts'

const DEPTHS: readonly HeadingDepth[] = [1, 2, 3, 4, 5, 6]

function noteStart(state: TreeState, offset: number): void {
  const frame = topFrame(state)
  if (frame.kind === 'root') state.blockStarts.push({ offset, nodeCount: frame.blocks.length })
}

function open(kind: Frame['kind']): Handler {
  return ({ state, token }) => {
    noteStart(state, token.start.offset)
    openFrame(state, kind, token.start.offset)
  }
}

function addBlock(state: TreeState, node: BlockNode): void {
  topFrame(state).blocks.push(node)
}

function skip(cursor: Cursor): void {
  noteStart(cursor.state, cursor.token.start.offset)
  skipToken(cursor)
}

function closeHeading({ state }: Cursor): void {
  const frame = closeFrame(state)
  addBlock(state, { kind: 'heading', depth: DEPTHS[frame.depth - 1] ?? 6, children: frame.inline })
}

function setAtxDepth(cursor: Cursor): void {
  const frame = topFrame(cursor.state)
  if (frame.depth === 0) frame.depth = sourceOf(cursor).length
}

function setSetextDepth(cursor: Cursor): void {
  topFrame(cursor.state).depth = sourceOf(cursor).startsWith('=') ? 1 : 2
}

/** Skips the line with the underline: its line ending is no part of the heading. */
function closeSetextText({ state }: Cursor): void {
  topFrame(state).isLineEndingDropped = true
}

function readInfo(cursor: Cursor): void {
  const end = skipToken(cursor)
  const frame = topFrame(cursor.state)
  const info = decodeString(cursor.events, cursor.index, end)
  frame.info = frame.info === '' ? info : `${frame.info} ${info}`
}

function closeFence({ state }: Cursor): void {
  const frame = topFrame(state)
  frame.fenceCount++
  frame.isLineEndingDropped = frame.fenceCount === 1
}

function addCodeLine(cursor: Cursor): void {
  topFrame(cursor.state).text += sourceOf(cursor)
}

function closeCode({ state }: Cursor): void {
  const { text, info, fenceCount } = closeFrame(state)
  // A fence that the end of its quote or list closes has no closing line: the break before that end is its last line's.
  const isCutOff = fenceCount === 1 && state.frames.length > 1
  const isEnded = text === '' || (text.endsWith('\n') && !isCutOff)
  addBlock(state, { kind: 'code', info, text: isEnded ? text : `${text}\n`, isClosed: fenceCount === 2 })
}

function addLineEnding({ state }: Cursor): void {
  const frame = topFrame(state)
  if (frame.isLineEndingDropped) {
    if (frame.kind === 'code') frame.isLineEndingDropped = false
    return
  }
  if (frame.kind === 'code' || frame.kind === 'raw') frame.text += '\n'
  else if (frame.kind === 'leaf' || frame.kind === 'span' || frame.kind === 'media') addText(state, '\n')
}

function alignmentsOf(cursor: Cursor): readonly Alignment[] {
  const value: unknown = Reflect.get(cursor.token, '_align')
  if (!Array.isArray(value)) return []
  return value.map(entry => (entry === 'left' || entry === 'right' || entry === 'center' ? entry : 'none'))
}

function closeRow(cursor: Cursor): void {
  const { state } = cursor
  const frame = closeFrame(state)
  const row = { kind: 'row', cells: frame.cells } as const
  topFrame(state).rows.push(row)
  state.partStarts.set(row, frame.start)
}

function closeCell({ state }: Cursor): void {
  const { inline } = closeFrame(state)
  topFrame(state).cells.push(inline)
}

function closeTable(cursor: Cursor): void {
  const { state } = cursor
  const { rows } = closeFrame(state)
  const alignments = alignmentsOf(cursor)
  const children = rows.map(row => {
    const fitted = { kind: 'row', cells: row.cells.slice(0, alignments.length) } as const
    state.partStarts.set(fitted, state.partStarts.get(row) ?? 0)
    return fitted
  })
  addBlock(state, { kind: 'table', alignments, children })
}

function openItem({ state, token }: Cursor): void {
  if (topFrame(state).kind === 'item') closeItem(state)
  openFrame(state, 'item', token.start.offset)
}

function closeItem(state: TreeState): void {
  const { blocks, isChecked, start } = closeFrame(state)
  const item = { kind: 'item', ...(isChecked !== undefined && { isChecked }), children: blocks } as const
  topFrame(state).items.push(item)
  state.partStarts.set(item, start)
}

function closeList(isOrdered: boolean): Handler {
  return ({ state }) => {
    if (topFrame(state).kind === 'item') closeItem(state)
    const { items, firstNumber, looseAt } = closeFrame(state)
    const node = {
      kind: 'list',
      isOrdered,
      start: firstNumber ?? 1,
      isLoose: Number.isFinite(looseAt),
      children: items,
    } as const
    addBlock(state, node)
    state.looseAt.set(node, looseAt)
  }
}

function setFirstNumber(cursor: Cursor): void {
  const list = cursor.state.frames.findLast(frame => frame.kind === 'list')
  if (list !== undefined) list.firstNumber ??= Number.parseInt(sourceOf(cursor), 10)
}

function setCheck(isChecked: boolean): Handler {
  return ({ state }) => {
    const item = state.frames.findLast(frame => frame.kind === 'item')
    if (item !== undefined) item.isChecked = isChecked
    topFrame(state).isAfterCheck = true
  }
}

function setFootnoteLabel(cursor: Cursor): void {
  topFrame(cursor.state).label = normalizeIdentifier(sourceOf(cursor))
  skipToken(cursor)
}

function closeFootnote({ state }: Cursor): void {
  const { label, blocks, start } = closeFrame(state)
  state.footnotes.push({ offset: start, value: { label, children: blocks } })
}

export const blockEnter: Handlers = {
  paragraph: open('leaf'),
  atxHeading: open('leaf'),
  setextHeading: open('leaf'),
  codeFenced: open('code'),
  codeFencedFenceInfo: readInfo,
  codeFencedFenceMeta: readInfo,
  codeIndented: open('code'),
  htmlFlow: open('raw'),
  thematicBreak: ({ state, token }) => noteStart(state, token.start.offset),
  definition: skip,
  table: open('table'),
  tableRow: open('row'),
  tableHeader: open('leaf'),
  tableData: open('leaf'),
  blockQuote: open('container'),
  listOrdered: open('list'),
  listUnordered: open('list'),
  listItemPrefix: openItem,
  gfmFootnoteDefinition: open('container'),
  gfmFootnoteDefinitionLabelString: setFootnoteLabel,
}

export const blockExit: Handlers = {
  paragraph: ({ state }) => addBlock(state, { kind: 'paragraph', children: closeFrame(state).inline }),
  atxHeading: closeHeading,
  atxHeadingSequence: setAtxDepth,
  setextHeading: closeHeading,
  setextHeadingText: closeSetextText,
  setextHeadingLineSequence: setSetextDepth,
  codeFenced: closeCode,
  codeFencedFence: closeFence,
  codeIndented: closeCode,
  codeFlowValue: addCodeLine,
  htmlFlow: ({ state }) => addBlock(state, { kind: 'raw', text: closeFrame(state).text }),
  htmlFlowData: addCodeLine,
  lineEnding: addLineEnding,
  thematicBreak: ({ state }) => addBlock(state, { kind: 'rule' }),
  table: closeTable,
  tableRow: closeRow,
  tableHeader: closeCell,
  tableData: closeCell,
  blockQuote: ({ state }) => addBlock(state, { kind: 'quote', children: closeFrame(state).blocks }),
  listOrdered: closeList(true),
  listUnordered: closeList(false),
  listItemValue: setFirstNumber,
  taskListCheckValueChecked: setCheck(true),
  taskListCheckValueUnchecked: setCheck(false),
  gfmFootnoteDefinition: closeFootnote,
}
