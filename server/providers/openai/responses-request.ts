import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses'
import type { ProviderRequest } from '../provider.ts'
import type { BuiltRequest } from './chat-request.ts'
import type { IsAccepted } from './refusals.ts'

type ResponsesOptions = {
  readonly isAccepted: IsAccepted
  /** True for OpenAI itself, which pads each delta with random signs unless told not to; other servers may not know the switch. */
  readonly isOpenai: boolean
}

/** The body of a call to the Responses API; nothing is stored at the provider. */
export function buildResponsesRequest(
  request: ProviderRequest,
  { isAccepted, isOpenai }: ResponsesOptions,
): BuiltRequest<ResponseCreateParamsStreaming> {
  const { temperature, reasoning, maxOutputTokens } = request
  const effort = `reasoning.effort=${reasoning}`
  const isReasoning =
    reasoning !== null && isAccepted('reasoning.effort') && isAccepted(effort) && isAccepted('reasoning')
  const isSummarized = isReasoning && reasoning !== 'none' && isAccepted('reasoning.summary')
  const settings = {
    ...(isAccepted('prompt_cache_key') && { prompt_cache_key: request.conversationId }),
    ...(isOpenai && isAccepted('stream_options') && { stream_options: { include_obfuscation: false } }),
    ...(temperature !== null && isAccepted('temperature') && { temperature }),
    ...(isReasoning && { reasoning: { effort: reasoning, ...(isSummarized && { summary: 'auto' as const }) } }),
    ...(maxOutputTokens !== null && isAccepted('max_output_tokens') && { max_output_tokens: maxOutputTokens }),
  }
  return {
    body: {
      model: request.model,
      input: request.messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      store: false,
      ...(request.system !== null && { instructions: request.system }),
      ...settings,
    },
    optional: [
      ...Object.keys(settings).filter(name => name !== 'reasoning'),
      ...(isReasoning ? [effort] : []),
      ...(isSummarized ? ['reasoning.summary'] : []),
    ],
  }
}
