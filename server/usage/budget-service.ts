import { judgeBudget, limitWords } from '#shared/budget.ts'
import { dayStartIn, monthStartIn } from '#shared/calendar.ts'
import type { Clock } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import { estimateNanousd } from '#shared/money.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import type { Sqlite } from '../database/open-database.ts'
import { findBudget, spentSince } from './budget-store.ts'

/** A call that is about to be made. */
type PlannedCall = {
  readonly userId: number
  /** `provider/model`. */
  readonly model: string
  readonly prompt: readonly string[]
  readonly maxOutputTokens: number | null
}

export interface BudgetService {
  /** Why a user's next call of a model cannot be made; null when it can, and for a model that is free. */
  refusal(userId: number, model: string): AppError | null
  /**
   * Sets the cost of a call aside until its ledger row is written. Throws AppError `budget-exceeded` where a stop is reached, or
   * its prompt alone would pass it. Returns what gives the sum free again.
   */
  reserve(call: PlannedCall): () => void
}

type BudgetDependencies = {
  readonly sqlite: Sqlite
  readonly clock: Clock
  readonly listModels: () => readonly Model[]
}

/** An answer whose length nobody has bounded is taken for this long at most: few are longer. */
const LIKELY_OUTPUT_TOKENS = 8_192

/**
 * Holds calls to the limits that the user has set. What counts is the ledger and what the running calls may still come to: a
 * prompt and the longest answer that was allowed. One call alone may pass a stop by its own answer, whose length nobody knows;
 * several at once cannot add up. A call without a known price is counted with nothing, and is refused once a stop is reached.
 */
export function createBudgetService({ sqlite, clock, listModels }: BudgetDependencies): BudgetService {
  const reserved = new Map<number, Set<{ readonly nanousd: number }>>()

  function exceeded(userId: number, plannedNanousd: number): AppError | null {
    const budget = findBudget(sqlite, userId)
    if (budget === null) return null
    const now = clock.now()
    const running = [...(reserved.get(userId) ?? [])].reduce((sum, { nanousd }) => sum + nanousd, 0)
    const spent = {
      day: spentSince(sqlite, userId, dayStartIn(budget.time_zone, now)) + running + plannedNanousd,
      month: spentSince(sqlite, userId, monthStartIn(budget.time_zone, now)) + running + plannedNanousd,
    }
    const standing = judgeBudget(budget, spent)
    if (standing?.level !== 'stop') return null
    const message = `Your ${limitWords(standing)} is reached. The prompt is kept: raise the limit in setup, or ask again when it is over.`
    return new AppError('budget-exceeded', message)
  }

  const priceOf = (model: string) => listModels().find(({ id }) => id === model)?.price ?? null
  const isFree = (model: string): boolean => {
    const price = priceOf(model)
    return price !== null && price.input === 0 && price.output === 0
  }

  return {
    refusal: (userId, model) => (isFree(model) ? null : exceeded(userId, 0)),

    reserve: ({ userId, model, prompt, maxOutputTokens }) => {
      if (isFree(model)) return () => undefined
      const price = priceOf(model)
      const promptTokens = prompt.reduce((sum, text) => sum + estimateTokens(text), 0)
      const promptNanousd = estimateNanousd(promptTokens, price?.input ?? 0)
      const refusal = exceeded(userId, promptNanousd)
      if (refusal) throw refusal
      const answerNanousd = estimateNanousd(maxOutputTokens ?? LIKELY_OUTPUT_TOKENS, price?.output ?? 0)
      const place = { nanousd: promptNanousd + answerNanousd }
      const places = reserved.get(userId) ?? new Set()
      reserved.set(userId, places.add(place))
      return () => void places.delete(place)
    },
  }
}
