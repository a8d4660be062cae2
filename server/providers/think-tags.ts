import type { ProviderEvent } from './provider.ts'

/** Takes the reasoning out of a model's content, where the server left it between tags. */
export interface ThinkTagSplitter {
  /** Adds the events of one more piece of content; a tag may be split over pieces. */
  push(content: string, events: ProviderEvent[]): void
  /** Adds what was held back, as no more content comes. */
  end(events: ProviderEvent[]): void
}

const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * A splitter for one answer. `<think>` counts only where the answer begins, so an answer about the tag stays whole; a
 * closing tag that begins a line and was never opened turns all text before it into reasoning (qwen3 with thinking off).
 */
export function createThinkTagSplitter(): ThinkTagSplitter {
  // start → thinking → gap → plain, or start → text → gap → plain; gap drops the blank lines behind a closing tag.
  let state: 'start' | 'thinking' | 'text' | 'gap' | 'plain' = 'start'
  let held = ''
  let beginsLine = true

  function emit(type: 'text' | 'reasoning', text: string, events: ProviderEvent[]): void {
    if (text === '') return
    beginsLine = text.endsWith('\n')
    events.push({ type, text })
  }

  function readStart(content: string, events: ProviderEvent[]): void {
    const begin = content.trimStart()
    if (begin.startsWith(OPEN)) {
      state = 'thinking'
      readThinking(begin.slice(OPEN.length), events)
    } else if (OPEN.startsWith(begin)) {
      held = content
    } else {
      state = 'text'
      readText(content, events)
    }
  }

  function readThinking(content: string, events: ProviderEvent[]): void {
    const close = content.indexOf(CLOSE)
    if (close < 0) {
      emitAllBut(cutTagLength(content, CLOSE), 'reasoning', content, events)
    } else {
      emit('reasoning', content.slice(0, close), events)
      state = 'gap'
      readGap(content.slice(close + CLOSE.length), events)
    }
  }

  function readText(content: string, events: ProviderEvent[]): void {
    const close = content.indexOf(CLOSE)
    const open = content.indexOf(OPEN)
    if (close < 0 && open < 0) {
      emitAllBut(Math.max(cutTagLength(content, CLOSE), cutTagLength(content, OPEN)), 'text', content, events)
    } else if (close >= 0 && (open < 0 || close < open) && (close === 0 ? beginsLine : content[close - 1] === '\n')) {
      emit('text', content.slice(0, close), events)
      events.push({ type: 'text-was-reasoning' })
      state = 'gap'
      readGap(content.slice(close + CLOSE.length), events)
    } else {
      state = 'plain'
      emit('text', content, events)
    }
  }

  function readGap(content: string, events: ProviderEvent[]): void {
    const text = content.trimStart()
    if (text === '') return
    state = 'plain'
    emit('text', text, events)
  }

  function emitAllBut(length: number, type: 'text' | 'reasoning', content: string, events: ProviderEvent[]): void {
    held = content.slice(content.length - length)
    emit(type, content.slice(0, content.length - length), events)
  }

  function push(piece: string, events: ProviderEvent[]): void {
    if (piece === '') return
    const content = held + piece
    held = ''
    if (state === 'start') readStart(content, events)
    else if (state === 'thinking') readThinking(content, events)
    else if (state === 'gap') readGap(content, events)
    // Nearly every piece of an answer: no tag near, nothing held.
    else if (state === 'plain' || !content.includes('<')) emit('text', content, events)
    else readText(content, events)
  }

  function end(events: ProviderEvent[]): void {
    emit(state === 'thinking' ? 'reasoning' : 'text', held, events)
    held = ''
  }

  return { push, end }
}

/** How many signs at the end of the content may be the beginning of the tag. */
function cutTagLength(content: string, tag: string): number {
  const at = content.lastIndexOf('<')
  return at >= 0 && tag.startsWith(content.slice(at)) ? content.length - at : 0
}
