import type { ProviderEvent } from '../provider.ts'
import { readUsage } from './answer-usage.ts'
import { type JsonRecord, textOf } from './json.ts'
import type { Translator } from './translator.ts'

/** Translates a transcription: its stream, or a whole one, which is read like the stream's last event. */
export function createTranscriptTranslator(): Translator {
  let hasText = false
  let isOver = false

  function translate(event: JsonRecord, events: ProviderEvent[]): void {
    const isDelta = event.type === 'transcript.text.delta'
    const text = isDelta ? textOf(event.delta) : hasText ? null : textOf(event.text)
    if (text !== null) {
      hasText = true
      events.push({ type: 'text', text })
    }
    if (event.type !== 'transcript.text.done') return
    const usage = readUsage(event.usage, { serviceTier: null })
    if (usage !== null) events.push({ type: 'usage', usage })
    events.push({ type: 'finish', reason: 'stop' })
    isOver = true
  }

  return { translate, flush: () => undefined, state: () => (isOver ? 'over' : 'running') }
}
