import type { Citation, FinishReason } from '#shared/records.ts'
import { providerFailure } from '../failure.ts'
import type { ProviderEvent } from '../provider.ts'
import { anthropicUsage, mergeUsage } from './anthropic-usage.ts'
import { type CitationSource, parseStreamEvent, type StreamEvent } from './parse.ts'

export type MessageTranslator = {
  /** What one `data:` line tells the run. Throws AppError for the error event that may come at any time after a 200. */
  translate(data: string): readonly ProviderEvent[]
  /** True once `message_stop` has come: without it an answer is not whole. */
  isFinished(): boolean
}

const FINISH_REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool-call',
  pause_turn: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context-full',
}

/** Turns the events of one Messages stream into ours, one `data:` line after the other. */
export function createMessageTranslator(options: {
  provider: string
  keyVariable: string
  model: string
}): MessageTranslator {
  let usage: Readonly<Record<string, unknown>> = {}
  let reason: FinishReason = 'stop'
  let isFinished = false
  const citations = createCitationPlacer()

  function eventsOf(event: StreamEvent): readonly ProviderEvent[] {
    switch (event.type) {
      case 'message_start':
        usage = mergeUsage(usage, event.message.usage)
        // Input and cache counts are final from here on, so they are told even if the line is cut later.
        return [
          { type: 'served-model', model: event.message.model },
          { type: 'usage', usage: anthropicUsage(usage) },
        ]
      case 'content_block_start':
        citations.startBlock()
        return event.content_block.type === 'text'
          ? text(event.content_block.text)
          : thinking(event.content_block.thinking)
      case 'content_block_delta':
        if (event.delta.type === 'text_delta') return text(event.delta.text)
        if (event.delta.type === 'thinking_delta') return thinking(event.delta.thinking)
        citations.add(event.delta.citation)
        return []
      case 'content_block_stop':
        return citations.endBlock().map(citation => ({ type: 'citation', citation }))
      case 'message_delta':
        usage = mergeUsage(usage, event.usage)
        reason = FINISH_REASONS[event.delta.stop_reason ?? ''] ?? reason
        return [{ type: 'usage', usage: anthropicUsage(usage) }]
      case 'message_stop':
        isFinished = true
        return [{ type: 'finish', reason }]
      case 'error':
        throw streamFailure(event.error, options)
      default:
        return event satisfies never
    }
  }

  function text(piece: string): readonly ProviderEvent[] {
    citations.skip(piece.length)
    return piece === '' ? [] : [{ type: 'text', text: piece }]
  }

  return {
    translate(data) {
      const event = parseStreamEvent(data)
      return event === null ? [] : eventsOf(event)
    },
    isFinished: () => isFinished,
  }
}

function thinking(piece: string): readonly ProviderEvent[] {
  return piece === '' ? [] : [{ type: 'reasoning', text: piece }]
}

/** A citation backs the whole text block it comes in, and comes before that text: its place is known when the block ends. */
function createCitationPlacer() {
  let textLength = 0
  let blockStart = 0
  let waiting: CitationSource[] = []
  return {
    startBlock() {
      blockStart = textLength
    },
    add(source: CitationSource) {
      waiting.push(source)
    },
    skip(length: number) {
      textLength += length
    },
    endBlock(): readonly Citation[] {
      const placed = waiting.map(source => citationOf(source, blockStart, textLength))
      waiting = []
      return placed
    },
  }
}

function citationOf(source: CitationSource, start: number, end: number): Citation {
  const url = source.url ?? source.source
  return {
    url: url !== null && /^https?:\/\//.test(url) ? url : null,
    title: source.title ?? source.document_title,
    quote: source.cited_text,
    start,
    end,
  }
}

type StreamError = Extract<StreamEvent, { type: 'error' }>['error']

function streamFailure(error: StreamError, options: { provider: string; keyVariable: string; model: string }) {
  return providerFailure({
    ...options,
    status: null,
    code: null,
    type: error.type,
    parameter: null,
    providerMessage: error.message,
    retryAfterMs: null,
  })
}
