import type { ProviderEvent } from '../../server/providers/provider.ts'
import type { Usage } from '../../server/providers/usage.ts'
import type { AppError } from '../../shared/errors.ts'
import type { Citation, FinishReason } from '../../shared/records.ts'

/** An answer as the run service would hold it. */
export type Answer = {
  readonly types: readonly ProviderEvent['type'][]
  readonly text: string
  readonly reasoning: string
  readonly citations: readonly Citation[]
  readonly model: string | null
  readonly usage: Usage | null
  readonly finish: FinishReason | null
  /** What the stream threw, after all that came before; null where it ended well. */
  readonly error: AppError | null
}

/** What the events add up to. */
export function foldEvents(events: readonly ProviderEvent[], error: AppError | null): Answer {
  const answer = {
    types: events.map(event => event.type),
    text: '',
    reasoning: '',
    citations: [] as Citation[],
    model: null as string | null,
    usage: null as Usage | null,
    finish: null as FinishReason | null,
    error,
  }
  for (const event of events) {
    if (event.type === 'text') answer.text += event.text
    else if (event.type === 'reasoning') answer.reasoning += event.text
    else if (event.type === 'citation') answer.citations.push(event.citation)
    else if (event.type === 'served-model') answer.model = event.model
    else if (event.type === 'usage') answer.usage = event.usage
    else if (event.type === 'finish') answer.finish = event.reason
    else if (event.type === 'text-was-reasoning') {
      answer.reasoning += answer.text
      answer.text = ''
    }
  }
  return answer
}
