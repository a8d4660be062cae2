import type { MutationBody } from '#shared/sync-overlay.ts'
import { rowRef } from '#shared/sync-row.ts'
import { editLocally } from './local-edit.ts'
import { newId, readMeta, type SyncContext } from './sync-meta.ts'
import type { LostEntry, SyncTables } from './sync-store.ts'

type Prompt = Extract<MutationBody, { op: 'run.start' }>

/** How a prompt stands between this device and its answer. */
type OutboxState =
  /** It leaves as soon as the server can be reached. */
  | 'waiting'
  /** It may be on the way, or there already. */
  | 'sending'
  /** The server has it. */
  | 'accepted'
  /** It waited too long, or the server wants a person's word: `confirmPrompt` asks it anew. */
  | 'held'

export type OutboxEntry = {
  readonly mid: string
  readonly prompt: Prompt
  readonly state: OutboxState
  /** Why it is held. */
  readonly reason: LostEntry['reason'] | null
}

/** The prompts whose answers are not under way yet, in the order they were asked. */
export async function listOutbox(tables: SyncTables, context: SyncContext): Promise<readonly OutboxEntry[]> {
  const meta = await readMeta(tables, context)
  const held = (await tables.lost.range({})).flatMap(({ mid, body, reason }) =>
    body.op === 'run.start' && reason !== 'gone' ? [{ mid, prompt: body, state: 'held' as const, reason }] : [],
  )
  const queued = (await tables.mut.prompts()).flatMap(({ n, mid, body, sent, acked }) => {
    if (body.op !== 'run.start') return []
    const isAccepted = acked !== null || n <= meta.ack[0]
    const state = isAccepted ? ('accepted' as const) : sent ? ('sending' as const) : ('waiting' as const)
    return [{ mid, prompt: body, state, reason: null }]
  })
  return [...held, ...queued]
}

/** Asks a held prompt after all, as a new run: the old one must never begin. False when it is not held any more. */
export function confirmPrompt(context: SyncContext, mid: string): Promise<boolean> {
  return editLocally(context, async editor => {
    const entry = await editor.takeLost(mid)
    if (entry?.body.op !== 'run.start') return false
    const { conversation_id, user_message_id, model } = entry.body
    const [id, message_id] = [newId(context), newId(context)]
    await editor.startRun({ id, conversation_id, user_message_id, message_id, model })
    await editor.set(rowRef('conversations', conversation_id), { active_leaf_id: message_id })
    return true
  })
}

/** Lets go of something lost that the user has seen. */
export function dismissLost(context: SyncContext, mid: string): Promise<boolean> {
  return editLocally(context, async editor => (await editor.takeLost(mid)) !== null)
}
