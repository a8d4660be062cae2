import type { Clock } from '#shared/clock.ts'
import { parseQuery } from '#shared/search-query.ts'
import type { FindAnswer, FoundChat } from '../search/find-answer.ts'
import { parseFound } from '../search/parse-found.ts'

const MOST_HITS = 100
const UNASKED = 'Nothing is kept here to look through, and the pi does not answer.'

/** What the server finds, for a device that keeps no index. */
export async function findOnServer(
  { fetch: fetchFromServer, clock }: { readonly fetch: typeof fetch; readonly clock: Clock },
  text: string,
): Promise<FindAnswer> {
  const startedAt = clock.now()
  const { problems } = parseQuery(text)
  const chats = problems.length > 0 ? [] : await askServer(fetchFromServer, text)
  const hits = (chats ?? []).reduce((sum, { messageIds }) => sum + messageIds.length, 0)
  return {
    text,
    chats: chats ?? [],
    hits,
    hasMore: hits >= MOST_HITS,
    near: [],
    problems: chats === null ? [UNASKED] : problems,
    tookMs: clock.now() - startedAt,
    share: 1,
  }
}

/** Null when it does not answer as agreed. */
async function askServer(fetchFromServer: typeof fetch, text: string): Promise<readonly FoundChat[] | null> {
  try {
    const query = new URLSearchParams({ q: text, limit: String(MOST_HITS) })
    const response = await fetchFromServer(`/api/search?${query}`, { credentials: 'same-origin', cache: 'no-store' })
    return response.ok ? parseFound(await response.json(), parseQuery(text).parts) : null
  } catch (error) {
    // No way to the server, or something else that answers in its place.
    if (error instanceof TypeError || error instanceof SyntaxError) return null
    throw error
  }
}
