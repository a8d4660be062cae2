import type { SearchFilter } from '#shared/search-query.ts'

/** Conditions on a message `m` of a conversation `c`, each begun with AND, and what they bind. */
export type Conditions = { readonly sql: string; readonly values: readonly (string | number)[] }

/** The filters of a query as SQL; they say what `passesFilters` says on a device. */
export function filterConditions(filters: readonly SearchFilter[]): Conditions {
  const conditions = filters.map(filter => ({ isNegated: filter.isNegated, ...conditionOf(filter) }))
  return {
    // What is null is neither true nor false to SQL: a prompt has no model, and so is not of this one.
    sql: conditions.map(({ isNegated, sql }) => `AND ${isNegated ? 'NOT ' : ''}coalesce(${sql}, 0)`).join(' '),
    values: conditions.flatMap(({ values }) => values),
  }
}

/** Only messages of these conversations. */
export function conversationCondition(ids: readonly string[]): Conditions {
  return { sql: 'AND m.conversation_id IN (SELECT value FROM json_each(?))', values: [JSON.stringify(ids)] }
}

/** Only the newest message of each chat. */
export const NEWEST_ONLY: Conditions = {
  sql: `AND m.id = (SELECT n.id FROM messages n WHERE n.conversation_id = m.conversation_id AND n.purged = 0
        AND n.deleted_at IS NULL ORDER BY n.created_at DESC, n.id DESC LIMIT 1)`,
  values: [],
}

/** All of these conditions. */
export function joinConditions(...all: readonly Conditions[]): Conditions {
  return { sql: all.map(({ sql }) => sql).join(' '), values: all.flatMap(({ values }) => values) }
}

const HAS_IMAGE = `(instr(m.content, '![') > 0 OR EXISTS (SELECT 1 FROM json_each(m.attachments) held
  JOIN attachments a ON a.id = held.value WHERE a.media_type LIKE 'image/%'))`

function conditionOf(filter: SearchFilter): Conditions {
  switch (filter.kind) {
    case 'model':
      return { sql: 'instr(lower(m.model), ?) > 0', values: [filter.text] }
    case 'tag':
      return {
        sql: 'EXISTS (SELECT 1 FROM json_each(c.tags) tag WHERE lower(tag.value) = ?)',
        values: [filter.text],
      }
    case 'role':
      return { sql: 'm.role = ?', values: [filter.role] }
    case 'has':
      return { sql: filter.what === 'code' ? "instr(m.content, '```') > 0" : HAS_IMAGE, values: [] }
    case 'is':
      return { sql: filter.what === 'pinned' ? 'c.pinned_at IS NOT NULL' : 'c.archived_at IS NOT NULL', values: [] }
    case 'before':
      return { sql: 'm.created_at < ?', values: [filter.ms] }
    case 'after':
      return { sql: 'm.created_at >= ?', values: [filter.ms] }
    default:
      return filter satisfies never
  }
}
