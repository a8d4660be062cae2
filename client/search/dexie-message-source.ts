import { Dexie } from 'dexie'
import type { SyncRow } from '#shared/sync-row.ts'
import type { LocalDatabase, LoggedChange } from '../database/local-database.ts'
import type { IndexedMessage } from './indexed-message.ts'
import type { MessageSource, SourceChange } from './message-source.ts'
import { attachmentsOf, indexedMessageOf, isPicture } from './parse.ts'

/** This device's database, as the index follows it. */
export function createMessageSource(database: LocalDatabase): MessageSource {
  const { conversations, messages, changes, install, attachments } = database

  async function indexed(rows: readonly SyncRow[]): Promise<readonly IndexedMessage[]> {
    const ids = [...new Set(rows.flatMap(attachmentsOf))]
    const known = ids.length === 0 ? [] : await attachments.bulkGet(ids)
    const pictures = new Set(ids.filter((_, index) => isPicture(known[index])))
    return rows.flatMap(row => indexedMessageOf(row, id => pictures.has(id)) ?? [])
  }

  const keyOf = async (order: 'first' | 'last'): Promise<number> => {
    const all = changes.orderBy(':id')
    const [key] = await (order === 'first' ? all : all.reverse()).limit(1).primaryKeys()
    return key ?? 0
  }

  return {
    id: async () => (await install.get('install'))?.id ?? '',
    logEnds: async () => ({ first: await keyOf('first'), last: await keyOf('last') }),
    changesAfter: async (n, most) => (await changes.where(':id').above(n).limit(most).toArray()).flatMap(numbered),
    forgetChanges: async upTo => {
      if (upTo > 0) await changes.where(':id').belowOrEqual(upTo).delete()
    },
    messages: async keys => {
      const rows = await messages.bulkGet(keys.map(([conversationId, id]) => [conversationId, id]))
      return indexed(rows.filter(row => row !== undefined))
    },
    conversationsBelow: (id, most) =>
      (id === null ? conversations.orderBy(':id') : conversations.where(':id').below(id))
        .reverse()
        .limit(most)
        .primaryKeys(),
    messagesBetween: async (from, to) =>
      indexed(await messages.where(':id').between([from, Dexie.minKey], [to, Dexie.maxKey]).toArray()),
    countMessages: () => messages.count(),
  }
}

function numbered({ n, ...change }: LoggedChange): readonly SourceChange[] {
  return n === undefined ? [] : [{ ...change, n }]
}
