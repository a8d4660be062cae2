import { AppError } from '#shared/errors.ts'
import { isSearch, parseQuery, type SearchQuery } from '#shared/search-query.ts'
import { makeSnippet, type Snippet } from '#shared/search-snippet.ts'
import { holdsParts } from '#shared/search-text.ts'
import type { Sqlite } from '../database/open-database.ts'
import { conversationCondition, filterConditions, joinConditions, NEWEST_ONLY } from './filter-conditions.ts'
import { matchExpression } from './match-expression.ts'
import { listTitles, type SearchRow, searchMessages } from './search-store.ts'

/** A message that was found, with a stretch of its own text around the first match. */
export type SearchHit = Omit<SearchRow, 'content'> & Snippet

type Asked = { readonly q: string; readonly limit: number }

/**
 * Finds messages that hold every word and phrase of the query and meet its filters, newest first; an empty query finds nothing.
 * Throws AppError `bad-request` for a filter that says nothing: a script would take what is found without it for the answer.
 */
export function search(sqlite: Sqlite, userId: number, { q, limit }: Asked): SearchHit[] {
  const query = parseQuery(q)
  if (query.problems.length > 0) throw new AppError('bad-request', query.problems.join(' '), { field: 'q' })
  if (!isSearch(query)) return []
  const rows = query.isInTitle
    ? searchTitles(sqlite, query, { userId, limit })
    : searchMessages(sqlite, {
        userId,
        expression: matchExpression(query),
        conditions: filterConditions(query.filters),
        limit,
      })
  const marked = query.isInTitle ? [] : query.parts
  return rows.map(({ content, ...row }) => ({ ...row, ...makeSnippet(content, marked) }))
}

/** `in:title`: the newest message stands for each chat whose title holds the words. */
function searchTitles(
  sqlite: Sqlite,
  { parts, without, filters }: SearchQuery,
  { userId, limit }: { readonly userId: number; readonly limit: number },
): SearchRow[] {
  const ids = listTitles(sqlite, userId)
    .filter(({ title }) => holdsParts(title, parts) && !without.some(part => holdsParts(title, [part])))
    .map(({ id }) => id)
  const conditions = joinConditions(conversationCondition(ids), NEWEST_ONLY, filterConditions(filters))
  return searchMessages(sqlite, { userId, expression: null, conditions, limit })
}
