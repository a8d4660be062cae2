import type { Clock } from '#shared/clock.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { pagePainted } from '../platform/scheduler.ts'
import type { DraftKeeper } from './draft-keeper.ts'

/** Drafts in this device's database. */
export function createDraftKeeper({ drafts }: LocalDatabase, clock: Clock): DraftKeeper {
  return {
    async read(id) {
      // The chat itself comes first: both go through the same narrow gate.
      await pagePainted()
      return (await drafts.get(keyOf(id)))?.text ?? ''
    },
    async write(id, text) {
      if (text === '') await drafts.delete(keyOf(id))
      else await drafts.put({ conversation_id: keyOf(id), text, updated_at: clock.now() })
    },
  }
}

function keyOf(conversationId: string | null): string {
  return conversationId ?? 'new'
}
