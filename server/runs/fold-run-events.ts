import type { Citation } from '#shared/records.ts'
import type { RunEventRow } from '../database/schema.ts'

export type FoldedRun = {
  readonly text: string
  readonly reasoning: string
  readonly citations: readonly Citation[]
  readonly lastSeq: number
}

/** What a run had brought when its events were last written, in order of their numbers. */
export function foldRunEvents(events: readonly RunEventRow[]): FoldedRun {
  let text = ''
  let reasoning = ''
  const citations: Citation[] = []
  for (const event of events) {
    if (event.channel === 'text') text += event.data
    else if (event.channel === 'reasoning') reasoning += event.data
    else if (event.channel === 'citation') citations.push(JSON.parse(event.data))
    else {
      reasoning += text
      text = ''
    }
  }
  return { text, reasoning, citations, lastSeq: events.at(-1)?.seq ?? 0 }
}
