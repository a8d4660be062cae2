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
  readonly tone: 'ok' | 'warn' | 'err' | null
}

/** How a provider's row reads: what its last calls showed, and what helps. */
export function providerWords(row: ProviderRow, nowMs: number): ProviderWords {
  const { id, state, standing } = row
  if (state === 'missing') {
    const sub = id === 'ollama' ? 'not found where it is looked for' : 'set its key in .env'
    return { mark: '○', end: 'no key', sub, tone: null }
  }
  if (standing?.problem) return problemWords(standing.problem, { keyVariable: standing.key_variable, nowMs })
  const latencyMs = standing?.first_token_ms ?? null
  const answeredAt = standing?.last_ok_at ?? null
  const answered = answeredAt === null ? '' : ` · answered ${formatWhen(answeredAt, nowMs)}`
  return {
    mark: '●',
    end: latencyMs === null ? 'ready' : formatDuration(latencyMs),
    sub: `${modelWords(row.modelCount)}${id === 'manual' ? '' : answered}`,
    tone: 'ok',
  }
}

type Problem = NonNullable<ProviderStanding['problem']>

function problemWords(
  { code, since, last_at }: Problem,
  { keyVariable, nowMs }: { readonly keyVariable: string | null; readonly nowMs: number },
): ProviderWords {
  const begun = `since ${formatWhen(since, nowMs)}`
  const last = formatWhen(last_at, nowMs)
  switch (code) {
    case 'provider-key-rejected':
      return { mark: '✗', end: 'key refused', sub: `${begun} · new ${keyVariable ?? 'key'} in .env`, tone: 'err' }
    case 'quota-exceeded':
      return { mark: '✗', end: 'no credit', sub: `${begun} · top up its account`, tone: 'err' }
    case 'rate-limited':
      return { mark: '◐', end: 'busy', sub: `too many requests on your key, last ${last}`, tone: 'warn' }
    case 'provider-overloaded':
      return { mark: '◐', end: 'busy', sub: `it has too much to do, last ${last}`, tone: 'warn' }
    case 'provider-unreachable':
    case 'provider-timeout':
      return { mark: '▲', end: 'silent', sub: `${begun} · the pi gets no answer`, tone: 'warn' }
    default:
      return { mark: '▲', end: 'broken', sub: `its last answer failed, ${last}`, tone: 'warn' }
  }
}

function modelWords(modelCount: number): string {
  if (modelCount === 0) return 'lists no models; they can be named'
  return modelCount === 1 ? '1 model' : `${modelCount} models`
}
