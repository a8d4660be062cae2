import type { Clock } from '#shared/clock.ts'
import type { Citation } from '#shared/records.ts'
import type { FlushTimer } from './flush-timer.ts'

/** Someone who reads a run as it goes. */
export interface RunWatcher {
  /** Takes one encoded event; false when the reader is too far behind and must be dropped. */
  write(event: Uint8Array): boolean
  end(): void
}

export type RunChannel = 'text' | 'reasoning' | 'recast' | 'citation'

/** Keeps what a run has brought, for the case that this process dies. */
export interface RunEventLog {
  add(runId: string, seq: number, channel: RunChannel, data: string): void
}

/** First in every stream: what is being answered, and where the answer will stand. */
export type RunHead = {
  readonly run_id: string
  readonly conversation_id: string
  readonly message_id: string
  readonly user_message_id: string
  readonly model: string
}

/** The text of a run, fully in memory while it is written, with numbered events for any number of watchers. */
export interface LiveRun {
  readonly head: RunHead
  text(): string
  reasoning(): string
  citations(): readonly Citation[]
  /** The number of the last event. */
  seq(): number
  append(channel: 'text' | 'reasoning', text: string): void
  /** What looked like the answer was reasoning. */
  recastText(): void
  addCitation(citation: Citation): void
  /** Numbers and sends what has gathered since the last flush. */
  flush(): void
  /** Numbers and sends an event that stands by itself. */
  emit(type: string, data: unknown): void
  /**
   * Gives the watcher the run's head, then what it lacks after event `afterSeq` (or a snapshot, where that is no longer held),
   * then everything that follows. Returns how to stop.
   */
  watch(watcher: RunWatcher, afterSeq: number | null): () => void
  /** Sends the last event and lets all watchers go. */
  end(type: 'done' | 'error', data: unknown): void
  /** True once the end has gone to a watcher. */
  wasFollowed(): boolean
  /** Lets all watchers go without an end: they come back and ask again. */
  letGo(): void
}

/** Events up to this size are held for readers that come back; whoever lacks more gets a snapshot. */
const HELD_BYTES = 256 * 1024
/** Below this gap pieces are gathered: a flood of tiny pieces costs one event, a calm stream is not delayed at all. */
const CALM_GAP_MS = 16

const encoder = new TextEncoder()

/** One event of a run in the wire's form, `id: <generation>.<seq>`. */
export function encodeRunEvent(generation: number, seq: number, type: string, data: unknown): Uint8Array {
  return encoder.encode(`id: ${generation}.${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
}

export function createLiveRun(options: {
  readonly head: RunHead
  readonly generation: number
  readonly clock: Clock
  readonly timer: FlushTimer
  readonly log: RunEventLog
}): LiveRun {
  const { head, generation, clock, timer, log } = options
  const watchers = new Set<RunWatcher>()
  const held: { readonly seq: number; readonly bytes: Uint8Array }[] = []
  let heldBytes = 0
  let seq = 0
  let text = ''
  let reasoning = ''
  const citations: Citation[] = []
  let isEndRead = false
  let pending = ''
  let pendingChannel: 'text' | 'reasoning' = 'text'
  let lastFlushAt = 0

  function send(type: string, data: unknown): void {
    seq += 1
    const bytes = encodeRunEvent(generation, seq, type, data)
    held.push({ seq, bytes })
    heldBytes += bytes.length
    while (heldBytes > HELD_BYTES && held.length > 1) heldBytes -= held.shift()?.bytes.length ?? 0
    for (const watcher of watchers) {
      if (!watcher.write(bytes)) drop(watcher)
    }
  }

  function drop(watcher: RunWatcher): void {
    watchers.delete(watcher)
    watcher.end()
  }

  function flush(): void {
    if (pending === '') return
    const piece = pending
    pending = ''
    lastFlushAt = clock.now()
    send(pendingChannel === 'text' ? 'token' : 'reasoning', { text: piece })
    log.add(head.run_id, seq, pendingChannel, piece)
  }

  const run: LiveRun = {
    head,
    text: () => text,
    reasoning: () => reasoning,
    citations: () => citations,
    seq: () => seq,
    append: (channel, piece) => {
      if (channel !== pendingChannel) flush()
      pendingChannel = channel
      pending += piece
      if (channel === 'text') text += piece
      else reasoning += piece
      if (clock.now() - lastFlushAt >= CALM_GAP_MS) flush()
      else timer.flushSoon(run)
    },
    recastText: () => {
      flush()
      reasoning += text
      text = ''
      send('snapshot', { text, reasoning })
      log.add(head.run_id, seq, 'recast', '')
    },
    addCitation: citation => {
      flush()
      citations.push(citation)
      send('citation', citation)
      log.add(head.run_id, seq, 'citation', JSON.stringify(citation))
    },
    flush,
    emit: (type, data) => {
      flush()
      send(type, data)
    },
    watch: (watcher, afterSeq) => {
      // Text and number are taken in one synchronous block, so nothing can fall between the snapshot and the tail.
      flush()
      const first = held[0]?.seq ?? seq + 1
      watcher.write(encodeRunEvent(generation, afterSeq ?? 0, 'run', head))
      if (afterSeq !== null && afterSeq >= first - 1 && afterSeq <= seq) {
        for (const event of held) if (event.seq > afterSeq) watcher.write(event.bytes)
      } else if (seq > 0) {
        watcher.write(encodeRunEvent(generation, seq, 'snapshot', { text, reasoning, citations }))
      }
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    end: (type, data) => {
      flush()
      send(type, data)
      isEndRead = watchers.size > 0
      run.letGo()
    },
    wasFollowed: () => isEndRead,
    letGo: () => {
      for (const watcher of watchers) watcher.end()
      watchers.clear()
    },
  }
  return run
}
