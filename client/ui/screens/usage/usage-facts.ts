import type { Budget, Limits } from '#shared/budget.ts'
import { formatTotal } from '#shared/money.ts'
import type { Fact } from '../../components/facts.ts'
import { callsWords, costWords } from '../../components/usage/usage-words.ts'
import { formatCount } from '../../format.ts'
import type { MonthView } from './usage-model.ts'

/** Where a month's tokens went. */
export function tokenFacts({ summary: { total, broken }, savedNanousd }: MonthView): readonly Fact[] {
  const stopped = broken.requests === 0 ? 'none' : `${callsWords(broken.requests)}, ${costWords(broken)}`
  return [
    { name: 'read fresh', value: formatCount(total.tokens_input) },
    { name: 'read from cache', value: formatCount(total.tokens_cache_read) },
    { name: 'written to cache', value: formatCount(total.tokens_cache_write) },
    { name: 'written', value: formatCount(total.tokens_output + total.tokens_reasoning) },
    { name: 'of it reasoning', value: formatCount(total.tokens_reasoning) },
    { name: 'stopped or failed', value: stopped },
    { name: 'counted here, ≈', value: callsWords(total.estimated_requests) },
    savedFact(savedNanousd),
  ]
}

function savedFact(savedNanousd: number): Fact {
  // Writing a cache costs more than reading fresh: where it is never read again, it does not pay.
  if (savedNanousd < 0) return { name: 'lost by cache', value: formatTotal(-savedNanousd), tone: 'warn' }
  return { name: 'saved by cache', value: formatTotal(savedNanousd), ...(savedNanousd > 0 ? { tone: 'ok' } : {}) }
}

/** The limits in words. */
export function limitFacts(budget: Budget | null): readonly Fact[] {
  return [
    { name: 'a day', value: limitsWords(budget?.day) },
    { name: 'a month', value: limitsWords(budget?.month) },
  ]
}

function limitsWords(limits: Limits | undefined): string {
  const { warn_nanousd: warn = null, stop_nanousd: stop = null } = limits ?? {}
  const words = [
    ...(warn === null ? [] : [`warn ${formatTotal(warn)}`]),
    ...(stop === null ? [] : [`stop ${formatTotal(stop)}`]),
  ]
  return words.length === 0 ? 'none' : words.join(', ')
}
