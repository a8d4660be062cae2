import { normalizeIdentifier } from 'micromark-util-normalize-identifier'
import { decodeReference, decodeString } from './decode-string.ts'
import type { InlineNode } from './markdown-tree.ts'
import { plainText } from './plain-text.ts'
import { linkNote, safeLink } from './safe-link.ts'
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

const INLINE_DEPTH = 32

/** Adds text to the innermost frame, joined to the text before it. */
export function addText(state: TreeState, text: string): void {
  const frame = topFrame(state)
  const value = frame.isAfterCheck && frame.inline.length === 0 ? text.trimStart() : text
  if (value !== '') appendInline(frame.inline, value)
}

function appendInline(line: InlineNode[], node: InlineNode): void {
  const last = line.at(-1)
  if (typeof node === 'string' && typeof last === 'string') line[line.length - 1] = last + node
  else line.push(node)
}

function openSpan({ state, token }: Cursor): void {
  const parent = topFrame(state)
  const depth = parent.kind === 'span' || parent.kind === 'media' ? parent.depth + 1 : 1
  // Below the last level the words go on in the parent: they are kept, only the emphasis is not drawn.
  const frame = openFrame(state, 'span', token.start.offset, depth > INLINE_DEPTH ? parent.inline : [])
  frame.depth = depth
}

function closeSpan(kind: 'emphasis' | 'strong' | 'strikethrough'): Handler {
  return ({ state }) => {
    const frame = closeFrame(state)
    if (frame.depth <= INLINE_DEPTH) appendInline(topFrame(state).inline, { kind, children: frame.inline })
  }
}

function openMedia({ state, token }: Cursor): void {
  const parent = topFrame(state)
  const depth = parent.kind === 'span' || parent.kind === 'media' ? parent.depth + 1 : 1
  openFrame(state, 'media', token.start.offset).depth = depth
}

function setLabel(cursor: Cursor): void {
  topFrame(cursor.state).label = sourceOf(cursor)
}

function setReference(cursor: Cursor): void {
  const end = skipToken(cursor)
  for (const [phase, token, context] of cursor.events.slice(cursor.index, end)) {
    if (phase === 'exit' && token.type === 'referenceString')
      topFrame(cursor.state).label = context.sliceSerialize(token)
  }
}

function setResource(cursor: Cursor): void {
  const frame = topFrame(cursor.state)
  frame.destination = ''
  const end = skipToken(cursor)
  let start = 0
  for (let index = cursor.index; index < end; index++) {
    const event = cursor.events[index]
    if (event === undefined) continue
    const { type } = event[1]
    if (type !== 'resourceDestinationString' && type !== 'resourceTitleString') continue
    if (event[0] === 'enter') start = index
    else if (type === 'resourceDestinationString') frame.destination = decodeString(cursor.events, start, index)
    else frame.title = decodeString(cursor.events, start, index)
  }
}

function destinationOf(state: TreeState, frame: Frame): { readonly url: string; readonly title: string | undefined } {
  if (frame.destination !== undefined) return { url: frame.destination, title: frame.title }
  const definition = state.definitions.get(normalizeIdentifier(frame.label))
  return { url: definition?.url ?? '', title: definition?.title }
}

function closeLink({ state }: Cursor): void {
  const frame = closeFrame(state)
  const { url, title } = destinationOf(state, frame)
  addLink(state, url, frame.inline, frame.depth, title)
}

function addLink(
  state: TreeState,
  destination: string,
  children: readonly InlineNode[],
  depth: number,
  title?: string,
): void {
  const line = topFrame(state).inline
  const link = safeLink(destination, state.ownOrigin)
  if (link === null || depth > INLINE_DEPTH) {
    for (const child of children) appendInline(line, child)
    return
  }
  const note = linkNote(link, plainText(children))
  line.push({ kind: 'link', url: link.url, ...(title && { title }), ...(note && { note }), children })
}

function closePicture({ state }: Cursor): void {
  const frame = closeFrame(state)
  const line = topFrame(state).inline
  const alt = plainText(frame.inline)
  const link = safeLink(destinationOf(state, frame).url, state.ownOrigin)
  if (link === null || link.url.startsWith('mailto:')) {
    appendInline(line, alt || 'picture')
    return
  }
  const isInLink = state.frames.some(open => open.kind === 'media')
  const picture = { kind: 'picture', host: link.host, alt } as const
  line.push(isInLink ? picture : { ...picture, url: link.url })
}

function addAutolink(prefix: string): Handler {
  return cursor => {
    const text = sourceOf(cursor)
    addLink(cursor.state, prefix + text, [text], 1)
  }
}

function addCodeText(cursor: Cursor): void {
  const end = skipToken(cursor)
  const isInTable = cursor.state.frames.some(frame => frame.kind === 'table')
  let text = ''
  for (let index = cursor.index; index < end; index++) {
    const event = cursor.events[index]
    if (event?.[0] !== 'exit') continue
    if (event[1].type === 'lineEnding') text += ' '
    // A pipe inside a table has to be escaped even in code, where nothing else is.
    if (event[1].type === 'codeTextData') {
      const data = event[2].sliceSerialize(event[1])
      text += isInTable ? data.replaceAll('\\|', '|') : data
    }
  }
  topFrame(cursor.state).inline.push({ kind: 'code-text', text })
}

function addFootnoteCall(cursor: Cursor): void {
  const { state, token } = cursor
  const end = skipToken(cursor)
  const string = cursor.events
    .slice(cursor.index, end)
    .find(([phase, inner]) => phase === 'exit' && inner.type === 'gfmFootnoteCallString')
  if (string === undefined || state.frames.some(frame => frame.kind === 'media')) {
    addText(state, sourceOf(cursor))
    return
  }
  const label = normalizeIdentifier(string[2].sliceSerialize(string[1]))
  state.calls.push({ offset: token.start.offset, value: label })
  topFrame(state).inline.push({ kind: 'footnote-call', label })
}

const addSource: Handler = cursor => addText(cursor.state, sourceOf(cursor))
const addBreak: Handler = ({ state }) => {
  topFrame(state).inline.push({ kind: 'break' })
}

export const inlineEnter: Handlers = {
  emphasis: openSpan,
  strong: openSpan,
  strikethrough: openSpan,
  link: openMedia,
  image: openMedia,
  reference: setReference,
  resource: setResource,
  codeText: addCodeText,
  gfmFootnoteCall: addFootnoteCall,
}

export const inlineExit: Handlers = {
  data: addSource,
  htmlTextData: addSource,
  characterEscapeValue: addSource,
  characterReferenceMarkerNumeric: ({ state }) => {
    state.referenceRadix = 10
  },
  characterReferenceMarkerHexadecimal: ({ state }) => {
    state.referenceRadix = 16
  },
  characterReferenceValue: cursor => {
    addText(cursor.state, decodeReference(sourceOf(cursor), cursor.state.referenceRadix))
    cursor.state.referenceRadix = 0
  },
  hardBreakEscape: addBreak,
  hardBreakTrailing: addBreak,
  emphasis: closeSpan('emphasis'),
  strong: closeSpan('strong'),
  strikethrough: closeSpan('strikethrough'),
  labelText: setLabel,
  link: closeLink,
  image: closePicture,
  autolinkProtocol: addAutolink(''),
  autolinkEmail: addAutolink('mailto:'),
  literalAutolinkHttp: addAutolink(''),
  literalAutolinkWww: addAutolink('http://'),
  literalAutolinkEmail: addAutolink('mailto:'),
}
