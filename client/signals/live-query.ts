import { type ReadonlySignal, signal } from '@preact/signals-core'
import { liveQuery } from 'dexie'

export type LiveOptions<T> = {
  /** What the signal holds until the first answer is here. */
  readonly initial: T
  /** Hears of each query that failed; the signal keeps what it has. */
  readonly onError: (cause: unknown) => void
}

type Answer<T> = { readonly isFound: true; readonly value: T } | { readonly isFound: false; readonly cause: unknown }

/**
 * A signal with what `query` finds in the database, now and after each change to what it has read, in whatever tab or worker
 * that was made. `query` reads through Dexie's tables and awaits nothing else. Ends with `alive`.
 */
export function liveSignal<T>(
  alive: AbortSignal,
  query: () => Promise<T>,
  { initial, onError }: LiveOptions<T>,
): ReadonlySignal<T> {
  const result = signal(initial)
  if (alive.aborted) return result
  const subscription = liveQuery(() => answerOf(query)).subscribe({
    next: answer => {
      if (answer.isFound) result.value = answer.value
      else onError(answer.cause)
    },
    error: onError,
  })
  alive.addEventListener('abort', () => subscription.unsubscribe(), { once: true })
  return result
}

/** Dexie keeps some errors to itself, and a query that failed it does not ask again; for it there is none. */
async function answerOf<T>(query: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { isFound: true, value: await query() }
  } catch (cause) {
    return { isFound: false, cause }
  }
}
