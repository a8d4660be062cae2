import type Anthropic from '@anthropic-ai/sdk'
import type { ReasoningEffort } from '#shared/records.ts'
import type { ProviderMessage, ProviderRequest, RefusedParameters } from '../provider.ts'
import { EFFORTS, type Effort, type ModelTraits } from './model-traits.ts'

/** The types of SDK 1.x know no temperature any more, while models up to Opus 4.6 still take it. */
export type MessageBody = Anthropic.MessageCreateParamsStreaming & { temperature?: number }

const BUDGET_TOKENS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
}
const MIN_BUDGET_TOKENS = 1_024

/** The body of `POST /v1/messages`: what the user set, in the form this model takes, and nothing else. */
export function messageBody(
  request: ProviderRequest,
  traits: ModelTraits,
  refused: Pick<RefusedParameters, 'has'>,
): MessageBody {
  const isRefused = (parameter: string) => refused.has(request.model, parameter)
  const maxTokens = maxTokensOf(request, traits)
  const thinking = thinkingOf(request, traits, { maxTokens, isRefused })
  const effort = isRefused('effort') ? null : effortOf(request, traits, thinking)
  const system = request.system?.trim() ?? ''
  const isThinking = thinking !== null && thinking.type !== 'disabled'
  // With thinking on, the API takes no temperature but 1.
  const takesTemperature = traits.takesTemperature && !isRefused('temperature') && !isThinking
  return {
    model: request.model,
    max_tokens: maxTokens,
    stream: true,
    messages: turnsOf(request.messages),
    // Marks the last cacheable block by itself, so each turn of a growing chat reads what the turn before wrote.
    ...(!isRefused('cache_control') && { cache_control: { type: 'ephemeral' } }),
    ...(system !== '' && { system }),
    ...(thinking !== null && { thinking }),
    ...(effort !== null && { output_config: { effort } }),
    ...(request.temperature !== null && takesTemperature && { temperature: request.temperature }),
  }
}

function maxTokensOf(request: ProviderRequest, traits: ModelTraits): number {
  if (request.maxOutputTokens === null) return traits.defaultMaxTokens
  return Math.min(request.maxOutputTokens, traits.maxTokensLimit ?? request.maxOutputTokens)
}

type ThinkingOptions = { readonly maxTokens: number; readonly isRefused: (parameter: string) => boolean }

function thinkingOf(request: ProviderRequest, traits: ModelTraits, options: ThinkingOptions): Thinking | null {
  const { reasoning } = request
  const form = thinkingForm(traits, options.isRefused)
  if (form === null) return null
  const alwaysThinks = form === 'adaptive' && (!traits.canStopThinking || options.isRefused('thinking.disabled'))
  if (reasoning === null || reasoning === 'none') {
    // Such a model thinks and bills in any case, and would hide what it thinks if not asked.
    if (alwaysThinks) return { type: 'adaptive', display: 'summarized' }
    // Models with a budget think only when told to; those that decide for themselves have to be told not to.
    return reasoning === 'none' && form === 'adaptive' ? { type: 'disabled' } : null
  }
  if (form === 'adaptive') return { type: 'adaptive', display: 'summarized' }
  if (options.maxTokens <= MIN_BUDGET_TOKENS) return null
  // At most half of what may be written, so that the thinking does not eat up the answer.
  const half = Math.floor(options.maxTokens / 2)
  const budget = Math.max(MIN_BUDGET_TOKENS, Math.min(BUDGET_TOKENS[reasoning], half))
  return { type: 'enabled', budget_tokens: budget }
}

type Thinking = NonNullable<MessageBody['thinking']>

/** The best form that the model has not refused; it says so in a 400, and the next call takes the other form. */
function thinkingForm(traits: ModelTraits, isRefused: (parameter: string) => boolean): 'adaptive' | 'budget' | null {
  if (traits.thinking === 'none') return null
  const isAdaptiveRefused = isRefused('thinking.adaptive')
  const isBudgetRefused = isRefused('thinking.enabled')
  if (traits.thinking === 'adaptive') return !isAdaptiveRefused ? 'adaptive' : !isBudgetRefused ? 'budget' : null
  return !isBudgetRefused ? 'budget' : !isAdaptiveRefused ? 'adaptive' : null
}

function effortOf(request: ProviderRequest, traits: ModelTraits, thinking: Thinking | null): Effort | null {
  const { reasoning } = request
  if (reasoning === null || thinking?.type === 'disabled' || thinking?.type === 'enabled') return null
  // A model that cannot stop thinking comes nearest to `none` with its lowest effort.
  if (reasoning === 'none') return thinking === null ? null : (traits.efforts[0] ?? null)
  const wanted = EFFORTS.indexOf(reasoning === 'minimal' ? 'low' : reasoning)
  return traits.efforts.findLast(level => EFFORTS.indexOf(level) <= wanted) ?? traits.efforts[0] ?? null
}

/** Turns as the API wants them: none empty, roles that alternate, and the user's last, since newer models take no prefill. */
function turnsOf(messages: readonly ProviderMessage[]): Anthropic.MessageParam[] {
  const turns: { role: 'user' | 'assistant'; content: string }[] = []
  for (const { role, content } of messages) {
    if (content.trim() === '') continue
    const last = turns.at(-1)
    if (last?.role === role) last.content += `\n\n${content}`
    else turns.push({ role, content })
  }
  if (turns.at(-1)?.role === 'assistant') turns.pop()
  return turns
}
