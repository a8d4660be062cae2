import type { ReasoningEffort } from '#shared/records.ts'
import type { ProviderRequest, RefusedParameters } from '../provider.ts'

type ChatTurn = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }

export type ChatBody = {
  readonly model: string
  readonly messages: readonly ChatTurn[]
  readonly stream: true
  readonly think?: boolean | ThinkLevel
  readonly truncate: false
  readonly shift: false
  readonly options?: { readonly num_ctx?: number; readonly num_predict?: number; readonly temperature?: number }
}

type ThinkLevel = 'low' | 'medium' | 'high' | 'max'

const LEVELS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, ThinkLevel>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'max',
}

/**
 * The body of `POST /api/chat` (https://docs.ollama.com/api/chat): what the user set and nothing else but the size of
 * the context, null where the server chooses it.
 */
export function chatBody(
  request: ProviderRequest,
  refused: Pick<RefusedParameters, 'has'>,
  contextTokens: number | null,
): ChatBody {
  const think = thinkOf(request, refused)
  const options = {
    ...(contextTokens !== null && { num_ctx: contextTokens }),
    ...(request.maxOutputTokens !== null && { num_predict: request.maxOutputTokens }),
    ...(request.temperature !== null && { temperature: request.temperature }),
  }
  return {
    model: request.model,
    messages: [...systemTurn(request.system), ...request.messages.filter(message => message.content.trim() !== '')],
    stream: true,
    ...(think !== null && { think }),
    // Newer servers then refuse a prompt that is too long, and end an answer that fills the context, instead of
    // silently dropping the oldest messages; older servers do not know the two fields.
    truncate: false,
    shift: false,
    ...(Object.keys(options).length > 0 && { options }),
  }
}

function systemTurn(system: string | null): readonly ChatTurn[] {
  return system === null || system.trim() === '' ? [] : [{ role: 'system', content: system }]
}

function thinkOf(request: ProviderRequest, refused: Pick<RefusedParameters, 'has'>): boolean | ThinkLevel | null {
  const { model, reasoning } = request
  if (reasoning === null || refused.has(model, 'think')) return null
  // GPT-OSS cannot turn thinking off and ignores `false`: the lowest level comes nearest.
  if (reasoning === 'none') return /(^|\/)gpt-oss/.test(model) ? 'low' : false
  return refused.has(model, 'think.level') ? true : LEVELS[reasoning]
}
