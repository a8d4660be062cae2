import type { RowRef, SyncRow } from '#shared/sync-row.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import type { LocalEditor } from '../sync/local-edit.ts'
import { newRow, type TemporaryRows } from './temporary-talk.ts'

type RunStart = Parameters<LocalEditor['startRun']>[0]

/** What an act does to a temporary chat. */
export type TemporaryStep = {
  readonly editor: LocalEditor
  /** The act once more, on the rows as they are when it is done. */
  replay(rows: TemporaryRows): TemporaryRows
  /** The runs that were asked for, in this order. */
  readonly started: readonly RunStart[]
  /** The runs to be stopped on the pi. */
  readonly stopped: readonly string[]
}

type Change = (rows: TemporaryRows) => TemporaryRows

/** Does to the rows of a temporary chat what `stored` does to all others. */
export function temporaryStep(before: TemporaryRows, stored: LocalEditor, now: number): TemporaryStep {
  let rows = before
  const changes: Change[] = []
  const started: RunStart[] = []
  const stopped: string[] = []
  const apply = (change: Change): void => {
    rows = change(rows)
    changes.push(change)
  }
  const read = (ref: RowRef): SyncRow | null =>
    ref.kind === 'conversations' ? rows.conversation : (rows.messages.get(ref.id) ?? null)
  const editor: LocalEditor = {
    ...stored,
    read: ref => (isOurs(ref) ? Promise.resolve(read(ref)) : stored.read(ref)),
    put(ref, values) {
      if (!isOurs(ref)) return stored.put(ref, values)
      if (ref.kind === 'messages') apply(withMessage(newRow('messages', ref.id, { created_at: now, ...values })))
      return Promise.resolve()
    },
    set(ref, values) {
      if (!isOurs(ref)) return stored.set(ref, values)
      const isThere = read(ref) !== null
      if (isThere) apply(withFields(ref, values))
      return Promise.resolve(isThere)
    },
    async setMany(refs, values) {
      for (const ref of refs.filter(isOurs)) await editor.set(ref, values)
      await stored.setMany(
        refs.filter(ref => !isOurs(ref)),
        values,
      )
    },
    purge(ref) {
      if (!isOurs(ref)) return stored.purge(ref)
      apply(without(id => ref.kind === 'conversations' || id === ref.id))
      return Promise.resolve()
    },
    startRun(run) {
      if (run.conversation_id !== TEMPORARY_CHAT) return stored.startRun(run)
      const askedAt = rows.messages.get(run.user_message_id)?.['created_at']
      // An answer stands after its question, whatever the clock does.
      const created_at = Math.max(now, typeof askedAt === 'number' ? askedAt + 1 : 0)
      apply(withMessage(newRow('messages', run.message_id, answerFields(run, created_at))))
      started.push(run)
      const body = { op: 'run.start', ...run, created_at } as const
      return Promise.resolve({ ...UNNUMBERED, mid: run.id, body, made_at: created_at })
    },
    cancelRun(runId) {
      const answer = [...rows.messages.values()].find(row => row['run_id'] === runId)
      if (answer === undefined) return stored.cancelRun(runId)
      if (answer['status'] === 'queued') {
        apply(without(id => id === answer.id))
        return Promise.resolve('taken-back')
      }
      stopped.push(runId)
      return Promise.resolve('asked')
    },
  }
  const replay = (now: TemporaryRows): TemporaryRows => changes.reduce((at, change) => change(at), now)
  return { editor, replay, started, stopped }
}

function withMessage(row: SyncRow): Change {
  return ({ conversation, messages }) => ({ conversation, messages: new Map(messages).set(row.id, row) })
}

function withFields(ref: RowRef, values: Readonly<Record<string, unknown>>): Change {
  return rows => {
    if (ref.kind === 'conversations') return { ...rows, conversation: { ...rows.conversation, ...values } }
    const row = rows.messages.get(ref.id)
    return row === undefined ? rows : withMessage({ ...row, ...values })(rows)
  }
}

function without(isGone: (id: string) => boolean): Change {
  return ({ conversation, messages }) => ({
    conversation,
    messages: new Map([...messages].filter(([id]) => !isGone(id))),
  })
}

const UNNUMBERED = { n: 0, schema: 1, row: null, origin: 'user', sent: false, acked: null, result: null } as const

function isOurs(ref: RowRef): boolean {
  return ref.id === TEMPORARY_CHAT || ref.conversation_id === TEMPORARY_CHAT
}

function answerFields(run: RunStart, created_at: number) {
  const { user_message_id: parent_id, model, id: run_id } = run
  return { role: 'assistant', status: 'queued', parent_id, model, run_id, created_at }
}
