import type { Message } from '#shared/records.ts'
import type { StoredRun } from '../database/schema.ts'
import { encodeRunEvent, type RunHead, type RunWatcher } from './live-run.ts'
import { interruptedError } from './run-executor.ts'

export function headOf(row: StoredRun): RunHead {
  const { id, conversation_id, message_id, user_message_id, model } = row
  return { run_id: id, conversation_id, message_id, user_message_id, model }
}

/** A run that has ended answers with its final text. */
export function showEnd(row: StoredRun, message: Message, watcher: RunWatcher): void {
  const { content: text, reasoning, citations } = message
  const { generation, last_seq } = row
  watcher.write(encodeRunEvent(generation, 0, 'run', headOf(row)))
  watcher.write(encodeRunEvent(generation, last_seq, 'snapshot', { text, reasoning: reasoning ?? '', citations }))
  const isEnded = message.status === 'complete' || message.status === 'cancelled'
  const error = message.error ?? interruptedError().detail
  watcher.write(
    isEnded
      ? encodeRunEvent(generation, last_seq, 'done', { message })
      : encodeRunEvent(generation, last_seq, 'error', { ...error, message_id: message.id }),
  )
  watcher.end()
}

/** The number after which a reader goes on; null when it was counted in another life of the run, or cannot be read. */
export function seqAfter(after: string | null, generation: number): number | null {
  const found = /^(\d{1,9})\.(\d{1,15})$/.exec(after ?? '')
  return found && Number(found[1]) === generation ? Number(found[2]) : null
}
