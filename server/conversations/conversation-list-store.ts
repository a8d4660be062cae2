import { all, sql } from '../database/build-query.ts'
import type { Sqlite } from '../database/open-database.ts'
import type { StoredConversation } from '../database/schema.ts'

/** Where a page of conversations goes on: the last row of the page before. */
export type PageCursor = { readonly updatedAt: number; readonly id: string | null }

type ListedConversation = StoredConversation & {
  readonly cost_nanousd: number | null
  readonly preview: string | null
  readonly last_status: string | null
}

/** Conversations outside the trash, newest first, each with what it cost and how its newest words begin. */
export function listConversations(
  sqlite: Sqlite,
  userId: number,
  page: { readonly limit: number; readonly before: PageCursor | null },
): ListedConversation[] {
  let query = sql
    .selectFrom('conversations as c')
    .selectAll('c')
    .select(builder => [
      builder
        .selectFrom('usage_logs as u')
        .select(inner => inner.fn.sum<number | null>('u.cost_nanousd').as('sum'))
        .whereRef('u.conversation_id', '=', 'c.id')
        .as('cost_nanousd'),
      builder
        .selectFrom('messages as m')
        .select(inner => inner.fn<string>('substr', ['m.content', inner.val(1), inner.val(300)]).as('preview'))
        .whereRef('m.conversation_id', '=', 'c.id')
        .where('m.content', '!=', '')
        .where('m.deleted_at', 'is', null)
        .orderBy('m.created_at', 'desc')
        .orderBy('m.id', 'desc')
        .limit(1)
        .as('preview'),
      builder
        .selectFrom('messages as m')
        .select('m.status')
        .whereRef('m.conversation_id', '=', 'c.id')
        .where('m.purged', '=', 0)
        .where('m.deleted_at', 'is', null)
        .orderBy('m.created_at', 'desc')
        .orderBy('m.id', 'desc')
        .limit(1)
        .as('last_status'),
    ])
    .where('c.user_id', '=', userId)
    .where('c.deleted_at', 'is', null)
    .where('c.purged', '=', 0)
  const { before } = page
  if (before) {
    query = query.where(builder =>
      builder.or([
        builder('c.updated_at', '<', before.updatedAt),
        ...(before.id === null
          ? []
          : [builder.and([builder('c.updated_at', '=', before.updatedAt), builder('c.id', '<', before.id)])]),
      ]),
    )
  }
  return all(sqlite, query.orderBy('c.updated_at', 'desc').orderBy('c.id', 'desc').limit(page.limit))
}
