import { AppError } from './errors.ts'

/** One event of a `text/event-stream` (HTML standard, 9.2). */
export type ServerSentEvent = {
  /** `message` where the stream names none. */
  readonly event: string
  readonly data: string
  /** The last id that the stream gave, on this event or before it; empty where it gave none. */
  readonly id: string
}

/** Reads a stream of server-sent events piece by piece. */
export interface EventStreamDecoder {
  /** The events that these bytes complete, however the bytes were cut. Throws `too-large` for an event of more than 16 MiB. */
  push(bytes: Uint8Array): readonly ServerSentEvent[]
  /** Says that no more bytes come: true when the stream broke off in the middle of an event. */
  end(): boolean
}

// Node and browsers both have it, but this folder is compiled with the types of neither.
declare const TextDecoder: new () => { decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string }

const MAX_EVENT_LENGTH = 16 * 1024 * 1024
const NO_EVENTS: readonly ServerSentEvent[] = []

/** A decoder for one stream: UTF-8 signs, line ends and events may be split anywhere between pieces. */
export function createEventStreamDecoder(): EventStreamDecoder {
  const decoder = new TextDecoder()
  let cutLine = ''
  let endedWithReturn = false
  let event = ''
  let data: string | null = null
  let id = ''

  /** The text with every line end as `\n`; a `\r\n` cut in two counts once. */
  function unifyLineEnds(text: string): string {
    const whole = endedWithReturn && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') endedWithReturn = text.endsWith('\r')
    return whole.includes('\r') ? whole.replace(/\r\n?/g, '\n') : whole
  }

  function readLine(line: string): void {
    const colon = line.indexOf(':')
    // data: {"delta":"Hi"}
    //     ^ a colon in front of all is a comment, one space behind it is no part of the value
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1)
    if (field === 'data') data = data === null ? value : `${data}\n${value}`
    else if (field === 'event') event = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }

  function finishEvent(events: ServerSentEvent[]): void {
    if (data !== null) events.push({ event: event === '' ? 'message' : event, data, id })
    event = ''
    data = null
  }

  function push(bytes: Uint8Array): readonly ServerSentEvent[] {
    const text = unifyLineEnds(decoder.decode(bytes, { stream: true }))
    let end = text.indexOf('\n')
    if (end < 0) {
      cutLine += text
      if (cutLine.length + (data?.length ?? 0) > MAX_EVENT_LENGTH) throw tooLarge()
      return NO_EVENTS
    }
    const events: ServerSentEvent[] = []
    let start = 0
    for (; end >= 0; end = text.indexOf('\n', start)) {
      const line = cutLine + text.slice(start, end)
      cutLine = ''
      start = end + 1
      if (line === '') finishEvent(events)
      else readLine(line)
    }
    cutLine = text.slice(start)
    if (cutLine.length + (data?.length ?? 0) > MAX_EVENT_LENGTH) throw tooLarge()
    return events
  }

  return {
    push,
    end: () => cutLine + decoder.decode() !== '' || data !== null,
  }
}

function tooLarge(): AppError {
  return new AppError('too-large', 'The stream holds an event of more than 16 MiB, which is not read. Try again.')
}
