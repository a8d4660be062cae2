import type { FinishReason } from '#shared/records.ts'
import type { ProviderEvent } from '../provider.ts'
import { readUsage } from './answer-usage.ts'
import { countOf, type JsonRecord, listOf, recordOf, textOf } from './json.ts'
import { createOutputWriter } from './output-writer.ts'
import type { Fail, Translator } from './translator.ts'

/**
 * Translates the Responses API: events of a stream, or a whole response, which is read as its last event. The answer is
 * over with `response.completed`, `.incomplete` or `.failed`; event types that are not known are passed over.
 */
export function createResponsesTranslator(fail: Fail): Translator {
  const writer = createOutputWriter()
  let isModelKnown = false
  let isOver = false

  function readServedModel(response: JsonRecord, events: ProviderEvent[]): void {
    const model = isModelKnown ? null : textOf(response.model)
    if (model === null) return
    isModelKnown = true
    events.push({ type: 'served-model', model })
  }

  function readEnd(response: JsonRecord, events: ProviderEvent[]): void {
    readServedModel(response, events)
    writer.end(listOf(response.output), events)
    const usage = readUsage(response.usage, {
      serviceTier: textOf(response.service_tier),
      webSearches: countOf(recordOf(recordOf(response.tool_usage).web_search).num_requests),
    })
    if (usage !== null) events.push({ type: 'usage', usage })
    isOver = true
  }

  function translate(event: JsonRecord, events: ProviderEvent[]): void {
    switch (event.type) {
      case 'response.created':
      case 'response.in_progress':
        readServedModel(recordOf(event.response), events)
        break
      case 'response.completed':
      case 'response.incomplete': {
        const response = recordOf(event.response)
        readEnd(response, events)
        events.push({ type: 'finish', reason: writer.isRefusal() ? 'refusal' : finishReasonOf(response) })
        break
      }
      case 'response.failed':
      case 'response.cancelled':
        readEnd(recordOf(event.response), events)
        throw fail(recordOf(event.response).error)
      default:
        writer.write(event, events)
    }
  }

  return { translate, flush: writer.flush, state: () => (isOver ? 'over' : 'running') }
}

function finishReasonOf(response: JsonRecord): FinishReason {
  switch (recordOf(response.incomplete_details).reason) {
    case 'max_output_tokens':
    case 'max_messages':
      return 'length'
    case 'content_filter':
      return 'content-filter'
    case 'steered':
      return 'pause'
    default:
      return listOf(response.output).some(item => recordOf(item).type === 'function_call') ? 'tool-call' : 'stop'
  }
}
