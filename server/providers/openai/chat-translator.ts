import type { FinishReason } from '#shared/records.ts'
import type { ProviderEvent } from '../provider.ts'
import { createThinkTagSplitter } from '../think-tags.ts'
import { readUsage } from './answer-usage.ts'
import { readCitation, readSource } from './citations.ts'
import { isRecord, type JsonRecord, listOf, recordOf, textOf } from './json.ts'
import type { Fail, Translator } from './translator.ts'

/**
 * Translates Chat Completions: chunks of a stream, or a whole answer, whose `message` is read like one large delta. The
 * answer is complete once a finish reason came; usage may still follow it.
 */
export function createChatTranslator(fail: Fail): Translator {
  const splitter = createThinkTagSplitter()
  const knownSources = new Set<string>()
  let isModelKnown = false
  let isRefused = false
  let isFinished = false
  let serviceTier: string | null = null

  function readDelta(delta: JsonRecord, events: ProviderEvent[]): void {
    const reasoning =
      textOf(delta.reasoning_content) ?? textOf(delta.reasoning) ?? textOfDetails(delta.reasoning_details)
    if (reasoning !== null) events.push({ type: 'reasoning', text: reasoning })
    if (typeof delta.content === 'string') splitter.push(delta.content, events)
    else for (const part of listOf(delta.content)) readPart(recordOf(part), events)
    const refusal = textOf(delta.refusal)
    if (refusal !== null) {
      isRefused = true
      splitter.push(refusal, events)
    }
    for (const annotation of listOf(delta.annotations)) {
      const citation = readCitation(recordOf(annotation), 0)
      if (citation !== null) events.push({ type: 'citation', citation })
    }
  }

  /** {"type":"thinking","thinking":[{"type":"text","text":"The"}]} or {"type":"text","text":"1"} (Mistral) */
  function readPart(part: JsonRecord, events: ProviderEvent[]): void {
    if (part.type === 'thinking') {
      const text = typeof part.thinking === 'string' ? part.thinking : joinTexts(part.thinking)
      if (text !== '') events.push({ type: 'reasoning', text })
    } else if (typeof part.text === 'string') {
      splitter.push(part.text, events)
    }
  }

  function readSources(chunk: JsonRecord, events: ProviderEvent[]): void {
    // Perplexity repeats the whole list on every chunk, in two forms: the one with titles is read first.
    for (const source of [...listOf(chunk.search_results), ...listOf(chunk.citations)]) {
      const citation = readSource(source)
      if (citation?.url == null || knownSources.has(citation.url)) continue
      knownSources.add(citation.url)
      events.push({ type: 'citation', citation })
    }
  }

  function readFinish(choice: JsonRecord, events: ProviderEvent[]): void {
    const reason = textOf(choice.finish_reason)
    if (reason === null) return
    if (reason === 'error' || reason === 'insufficient_system_resource') {
      throw fail(choice.error ?? { code: reason === 'error' ? null : 'overloaded' })
    }
    splitter.end(events)
    if (!isFinished) events.push({ type: 'finish', reason: isRefused ? 'refusal' : finishReasonOf(reason) })
    isFinished = true
  }

  function translate(chunk: JsonRecord, events: ProviderEvent[]): void {
    const model = isModelKnown ? null : textOf(chunk.model)
    if (model !== null) {
      isModelKnown = true
      events.push({ type: 'served-model', model })
    }
    if (typeof chunk.service_tier === 'string') serviceTier = chunk.service_tier
    const choice = recordOf(listOf(chunk.choices)[0])
    const delta = choice.delta ?? choice.message
    if (isRecord(delta)) readDelta(delta, events)
    if (chunk.search_results !== undefined || chunk.citations !== undefined) readSources(chunk, events)
    readFinish(choice, events)
    // Older Groq models give usage only here, in the last chunk.
    const usage = readUsage(chunk.usage ?? recordOf(chunk.x_groq).usage, { serviceTier })
    if (usage !== null) events.push({ type: 'usage', usage })
  }

  return { translate, flush: splitter.end, state: () => (isFinished ? 'complete' : 'running') }
}

/** [{"type":"reasoning.text","text":"This"}], which OpenRouter sends beside `reasoning` or instead of it. */
function textOfDetails(details: unknown): string | null {
  if (!Array.isArray(details) || details.length === 0) return null
  return textOf(joinTexts(details))
}

function joinTexts(parts: unknown): string {
  return listOf(parts)
    .map(part => textOf(recordOf(part).text) ?? textOf(recordOf(part).summary) ?? '')
    .join('')
}

function finishReasonOf(reason: string): FinishReason {
  switch (reason) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length'
    case 'content_filter':
      return 'content-filter'
    case 'tool_calls':
    case 'function_call':
      return 'tool-call'
    case 'refusal':
      return 'refusal'
    default:
      // Servers say stop, eos, end_turn and more, and all mean that the model was done.
      return 'stop'
  }
}
