import { AppError } from '#shared/errors.ts'
import { createEventStreamDecoder } from '#shared/event-stream.ts'
import { incompleteAnswer } from '../failure.ts'
import type { ProviderEvent } from '../provider.ts'
import type { AnswerReader } from '../read-answer.ts'
import { createChatTranslator } from './chat-translator.ts'
import { type CallContext, streamFailure } from './failures.ts'
import { isRecord, type JsonRecord, parseJson } from './json.ts'
import { createResponsesTranslator } from './responses-translator.ts'
import { createTranscriptTranslator } from './transcript-translator.ts'
import type { Translator } from './translator.ts'

const MAX_WHOLE_LENGTH = 16 * 1024 * 1024
const BLANK_LINE = new Uint8Array([10, 10])

/**
 * A reader for one answer. It goes by what the body says and not by what was asked for: gateways answer one protocol's
 * call with another's stream, and some servers send a whole JSON answer though a stream was wanted.
 */
export function createAnswerReader(context: CallContext): AnswerReader {
  const decoder = createEventStreamDecoder()
  const utf8 = new TextDecoder()
  const fail = (error: unknown): AppError => streamFailure(error, context)
  let form: 'unknown' | 'stream' | 'whole' | 'page' = 'unknown'
  let whole = ''
  let translator: Translator | null = null
  let isFinished = false

  function readEvent(name: string, data: string, events: ProviderEvent[]): void {
    if (data === '' || isFinished) return
    const payload = parseJson(data)
    if (data === '[DONE]') finish(events)
    else if (name === 'error' || isErrorObject(payload)) throw fail(payload ?? data)
    else if (isRecord(payload)) readPayload(payload, events)
    else throw incompleteAnswer(context.provider)
  }

  /** Nothing more comes: the answer is whole, or it never will be. */
  function finish(events: ProviderEvent[]): void {
    translator?.flush(events)
    if (translator === null || translator.state() === 'running') throw incompleteAnswer(context.provider)
    isFinished = true
  }

  function readPayload(payload: JsonRecord, events: ProviderEvent[]): void {
    translator ??= makeTranslator(payload)
    translator?.translate(payload, events)
    if (translator?.state() === 'over') finish(events)
  }

  function makeTranslator(payload: JsonRecord): Translator | null {
    const type = typeof payload.type === 'string' ? payload.type : ''
    if (type.startsWith('response.')) return createResponsesTranslator(fail)
    if (type.startsWith('transcript.')) return createTranscriptTranslator()
    return Array.isArray(payload.choices) ? createChatTranslator(fail) : null
  }

  function readWhole(events: ProviderEvent[]): void {
    const payload = parseJson(whole + utf8.decode())
    if (isErrorObject(payload)) throw fail(payload)
    if (!isRecord(payload)) return
    if (Array.isArray(payload.output))
      readPayload({ type: `response.${payload.status ?? 'completed'}`, response: payload }, events)
    else if (typeof payload.text === 'string') readPayload({ ...payload, type: 'transcript.text.done' }, events)
    else readPayload(payload, events)
  }

  /** An event whose closing blank line was lost is whole all the same; one that was cut is no JSON. */
  function readLastEvent(events: ProviderEvent[]): void {
    if (!decoder.end()) return
    for (const { event, data } of decoder.push(BLANK_LINE)) readEvent(event, data, events)
  }

  function push(bytes: Uint8Array, events: ProviderEvent[]): void {
    if (form === 'unknown') form = formOf(bytes)
    if (form === 'stream') {
      for (const { event, data } of decoder.push(bytes)) readEvent(event, data, events)
    } else if (form === 'whole') {
      whole += utf8.decode(bytes, { stream: true })
      if (whole.length > MAX_WHOLE_LENGTH) throw incompleteAnswer(context.provider)
    } else if (form === 'page') {
      throw webPage(context.provider)
    }
  }

  function end(events: ProviderEvent[]): void {
    if (form === 'whole') readWhole(events)
    else readLastEvent(events)
    if (!isFinished) finish(events)
  }

  /** What was held back for a tag that never came is text, also of an answer that fails. */
  function flushOnFailure(read: () => void, events: ProviderEvent[]): void {
    try {
      read()
    } catch (error) {
      translator?.flush(events)
      throw error
    }
  }

  return {
    push: (bytes, events) => flushOnFailure(() => push(bytes, events), events),
    end: events => flushOnFailure(() => end(events), events),
    isFinished: () => isFinished,
  }
}

/** {"error":{…}}, {"type":"error","message":…} (Responses) or {"object":"error","message":…} (vLLM), also in a list (Gemini). */
function isErrorObject(payload: unknown): boolean {
  if (Array.isArray(payload)) return isErrorObject(payload[0])
  if (!isRecord(payload)) return false
  return (
    (payload.error !== undefined && payload.error !== null && !isResponse(payload)) ||
    payload.type === 'error' ||
    payload.object === 'error'
  )
}

/** A failed response has an `error` too, but usage beside it that must be read first. */
function isResponse(payload: JsonRecord): boolean {
  return Array.isArray(payload.output)
}

/** Tells by the first sign that is not blank, since servers get the content type wrong. */
function formOf(bytes: Uint8Array): 'unknown' | 'stream' | 'whole' | 'page' {
  for (const byte of bytes) {
    if (byte === 0x7b || byte === 0x5b) return 'whole'
    if (byte === 0x3c) return 'page'
    const isBlank = byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
    const isMark = byte === 0xef || byte === 0xbb || byte === 0xbf
    if (!isBlank && !isMark) return 'stream'
  }
  return 'unknown'
}

function webPage(provider: string): AppError {
  const message = `${provider} answered with a web page instead of an answer. Your prompt is saved. Check that the provider's base URL ends where its API begins, most often in /v1.`
  return new AppError('provider-failed', message)
}
