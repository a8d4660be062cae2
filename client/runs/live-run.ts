import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Citation } from '#shared/records.ts'
import type { RunEvent, RunUsage } from '#shared/wire/run-events.ts'
import { createGrowingText, type ReadableText } from './growing-text.ts'

/** How a run that is being watched stands between this page and the server. */
type RunLink =
  /** Events come. */
  | 'following'
  /** They stopped coming; the run goes on without this page, which connects again. */
  | 'reconnecting'

/** What has come of an answer that is still being written. */
export type LiveRun = {
  readonly runId: string
  readonly conversationId: string
  readonly messageId: string
  readonly text: ReadonlySignal<ReadableText>
  readonly reasoning: ReadonlySignal<string>
  readonly citations: ReadonlySignal<readonly Citation[]>
  readonly usage: ReadonlySignal<RunUsage | null>
  readonly link: Signal<RunLink>
  /** When the first piece came onto this page; null before. */
  readonly firstPieceAtMs: ReadonlySignal<number | null>
  /** Set at the tap on stop: what still comes is not shown any more, the stored record will have it. */
  readonly isStopping: Signal<boolean>
  /** Folds one event in. `done` and `error` change nothing here. */
  take(event: RunEvent, nowMs: number): void
}

/** A run that this page starts to watch. */
export function createLiveRun(ids: {
  readonly runId: string
  readonly conversationId: string
  readonly messageId: string
}): LiveRun {
  const text = signal(createGrowingText(''))
  const reasoning = signal('')
  const citations = signal<readonly Citation[]>([])
  const usage = signal<RunUsage | null>(null)
  const firstPieceAtMs = signal<number | null>(null)
  const isStopping = signal(false)
  function take(event: RunEvent, nowMs: number): void {
    if (isStopping.peek()) return
    switch (event.type) {
      case 'snapshot':
        text.value = createGrowingText(event.data.text)
        reasoning.value = event.data.reasoning
        citations.value = []
        return
      case 'token':
        firstPieceAtMs.value ??= nowMs
        text.value = text.peek().plus(event.data.text)
        return
      case 'reasoning':
        firstPieceAtMs.value ??= nowMs
        reasoning.value += event.data.text
        return
      case 'citation':
        citations.value = [...citations.peek(), event.data]
        return
      case 'usage':
        usage.value = event.data
        return
      case 'run':
      case 'done':
      case 'error':
        return
      default:
        event satisfies never
    }
  }
  return {
    ...ids,
    text,
    reasoning,
    citations,
    usage,
    firstPieceAtMs,
    link: signal<RunLink>('following'),
    isStopping,
    take: (event, nowMs) => batch(() => take(event, nowMs)),
  }
}
