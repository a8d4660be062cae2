import type { Message } from '#shared/records.ts'
import { updateMessage } from '../conversations/conversations-store.ts'
import type { StoredRun } from '../database/schema.ts'
import type { Writer } from '../database/writer.ts'
import type { ProviderMessage } from '../providers/provider.ts'
import { finishRun, type RunResult, recordCall, type SettledCall } from './finish-run.ts'
import { buildPrompt } from './run-context.ts'
import { updateRun } from './runs-store.ts'

/** Where a run finds its prompt, and where what becomes of it is written. */
export interface RunRecords {
  prompt(): readonly ProviderMessage[]
  /** It waits for its place, or has come to it. */
  mark(state: 'queued' | 'starting'): void
  /** Writes a call that was refused into the ledger, and that the attempt of this number follows. */
  tryAgain(attempt: number, refused: SettledCall): void
  /** Writes the end and the last call in one transaction. Gives the answer as it now stands. */
  finish(result: RunResult, lastCall: SettledCall | null): Message
}

/** The records of a run whose prompt and answer are rows of the database. */
export function storedRunRecords(writer: Writer, row: StoredRun): RunRecords {
  return {
    prompt: () => buildPrompt(writer.sqlite, row.conversation_id, row.user_message_id),
    mark: state =>
      writer.write(transaction => {
        updateRun(transaction, row.id, { state })
        updateMessage(transaction, row.message_id, { status: state === 'queued' ? 'queued' : 'streaming' })
      }),
    tryAgain: (attempt, refused) =>
      writer.write(transaction => {
        recordCall(transaction, row, refused)
        updateRun(transaction, row.id, { attempt })
      }),
    finish: (result, lastCall) => finishRun(writer, row, result, lastCall),
  }
}
