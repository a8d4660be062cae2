import type { Model } from '#shared/models.ts'
import { estimateNanousd, formatEstimate } from '#shared/money.ts'
import type { PromptSize } from '../tokens/prompt-size.ts'
import type { RuleWords } from './components/composer.ts'
import { formatTokens } from './format.ts'

/** The part of a model's window from which on the words say how large that is. */
const NEAR_FULL = 0.8

/** `≈ 1.9k tok · $0.006`; near the end of a model's window `≈ 188k of 200k tok · $0.56`. */
export function meterWords({ tokens, isExact }: PromptSize, model: Model | null): RuleWords {
  const about = isExact ? '' : '≈ '
  const price = model?.price ?? null
  const cost = formatEstimate(price === null ? null : estimateNanousd(tokens, price.input)).replace(/^≈ /, '')
  const window = model?.context_window ?? null
  if (window === null || tokens < window * NEAR_FULL) {
    return { words: `${about}${formatTokens(tokens)} tok · ${cost}`, tone: '' }
  }
  const size = `${about}${formatTokens(tokens)} of ${formatTokens(window)} tok`
  return { words: tokens > window ? `${size}: too long` : `${size} · ${cost}`, tone: 'warn' }
}
