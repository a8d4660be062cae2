import type { ProviderStanding } from '#shared/wire/providers.ts'
import { formatDuration, formatWhen } from '../format.ts'

export type ProviderRow = {
  readonly id: string
  readonly state: 'configured' | 'missing'
  /** How many of its models the server lists. */
  readonly modelCount: number
  /** How its last calls went; null until the server has said so. */
  readonly standing: ProviderStanding | null
}

type ProviderWords = {
  readonly mark: string
  readonly end: string
  readonly sub: string
  readonly tone: 'ok' | 'warn' | 'err' | 'dim'
}

/** How a provider's row reads: what its last calls showed, and what helps. */
export function providerWords(row: ProviderRow, nowMs: number): ProviderWords {
  const { id, state, standing } = row
  if (state === 'missing') {
    const words =
      id === 'ollama'
        ? { end: 'not found', sub: 'where it runs is set in .env' }
        : { end: 'no key', sub: 'set its key in .env' }
    return { mark: '○', ...words, tone: 'dim' }
  }
  if (standing?.problem) return problemWords(standing.problem, nowMs)
  const latencyMs = standing?.first_token_ms ?? null
  const answeredAt = standing?.last_ok_at ?? null
  const answered = answeredAt === null ? '' : ` · answered ${whenWords(answeredAt, nowMs)}`
  return {
    mark: '●',
    end: latencyMs === null ? 'ready' : formatDuration(latencyMs),
    sub: `${modelWords(row.modelCount)}${id === 'manual' ? '' : answered}`,
    tone: 'ok',
  }
}

type Problem = NonNullable<ProviderStanding['problem']>

function problemWords({ code, since, last_at }: Problem, nowMs: number): ProviderWords {
  const begun = whenWords(since, nowMs, 'since ')
  const last = whenWords(last_at, nowMs, 'last ')
  switch (code) {
    case 'provider-key-rejected':
      return { mark: '✗', end: 'key refused', sub: `${begun} · new key in .env`, tone: 'err' }
    case 'quota-exceeded':
      return { mark: '✗', end: 'no credit', sub: `${begun} · top up its account`, tone: 'err' }
    case 'rate-limited':
      return { mark: '◐', end: 'busy', sub: `too many requests on your key, ${last}`, tone: 'warn' }
    case 'provider-overloaded':
      return { mark: '◐', end: 'busy', sub: `it has too much to do, ${last}`, tone: 'warn' }
    case 'provider-unreachable':
    case 'provider-timeout':
      return { mark: '▲', end: 'silent', sub: `${begun} · the pi gets no answer`, tone: 'warn' }
    default:
      return { mark: '▲', end: 'broken', sub: `its last answer failed ${whenWords(last_at, nowMs)}`, tone: 'warn' }
  }
}

function whenWords(timeMs: number, nowMs: number, before = ''): string {
  const when = formatWhen(timeMs, nowMs)
  return when === 'now' ? 'just now' : before + when
}

function modelWords(modelCount: number): string {
  if (modelCount === 0) return 'lists no models; they can be named'
  return modelCount === 1 ? '1 model' : `${modelCount} models`
}
