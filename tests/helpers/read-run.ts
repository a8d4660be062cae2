import { createEventStreamDecoder } from '#shared/event-stream.ts'
import type { Message } from '#shared/records.ts'

export type SeenEvent = { readonly type: string; readonly id: string; readonly data: Readonly<Record<string, unknown>> }

/** What a reader of a run's stream ends up with. */
export type SeenRun = {
  readonly events: readonly SeenEvent[]
  readonly text: string
  readonly reasoning: string
  readonly runId: string
  readonly conversationId: string
  readonly messageId: string
  readonly lastId: string | null
  /** The stored record, when the run ended in `done`. */
  readonly message: Message | null
  readonly error: { readonly code: string; readonly message: string; readonly retryable: boolean } | null
}

/** Reads a run's stream as any client would: snapshots replace, pieces add. Stops early after `mostEvents`. */
export async function readRun(response: Response, mostEvents = Number.POSITIVE_INFINITY): Promise<SeenRun> {
  const events: SeenEvent[] = []
  for await (const event of readEvents(response)) {
    events.push(event)
    if (events.length >= mostEvents) break
  }
  return foldEvents(events)
}

/** The events of a stream, one by one. Leaving the loop closes the line. */
export async function* readEvents(response: Response): AsyncGenerator<SeenEvent> {
  if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
    throw new Error(`No event stream but ${response.status}: ${await response.text()}`)
  }
  const decoder = createEventStreamDecoder()
  for await (const bytes of response.body) {
    for (const event of decoder.push(bytes)) {
      yield { type: event.event, id: event.id, data: JSON.parse(event.data) }
    }
  }
}

/** Continues what was seen before with what a later connection brought. */
export function foldEvents(
  events: readonly SeenEvent[],
  before: { text: string; reasoning: string } = { text: '', reasoning: '' },
): SeenRun {
  let { text, reasoning } = before
  for (const { type, data } of events) {
    if (type === 'token') text += String(data['text'])
    else if (type === 'reasoning') reasoning += String(data['text'])
    else if (type === 'snapshot') {
      text = String(data['text'])
      reasoning = String(data['reasoning'])
    }
  }
  const head = events.find(event => event.type === 'run')?.data ?? {}
  const last = events.at(-1)
  return {
    events,
    text,
    reasoning,
    runId: String(head['run_id']),
    conversationId: String(head['conversation_id']),
    messageId: String(head['message_id']),
    lastId: last?.id ?? null,
    message: last?.type === 'done' ? (last.data['message'] as Message) : null,
    error: last?.type === 'error' ? (last.data as unknown as SeenRun['error']) : null,
  }
}
