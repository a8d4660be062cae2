import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import type { ProviderRequest } from '../provider.ts'
import type { IsAccepted } from './refusals.ts'

/** A request's body, and the names of what is in it that a server may not know. */
export type BuiltRequest<Body> = { readonly body: Body; readonly optional: readonly string[] }

type ChatOptions = {
  readonly isAccepted: IsAccepted
  /** The limit's name that the server most likely knows: OpenAI wants the longer, all others know the shorter. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens'
}

/** The body of a call to Chat Completions. */
export function buildChatRequest(
  request: ProviderRequest,
  { isAccepted, limitName }: ChatOptions,
): BuiltRequest<ChatCompletionCreateParamsStreaming> {
  const otherName = limitName === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
  const limit = [limitName, otherName].find(isAccepted)
  const { temperature, reasoning, maxOutputTokens } = request
  const effort = `reasoning_effort=${reasoning}`
  const settings = {
    ...(isAccepted('stream_options') && { stream_options: { include_usage: true } }),
    ...(temperature !== null && isAccepted('temperature') && { temperature }),
    ...(reasoning !== null && isAccepted('reasoning_effort') && isAccepted(effort) && { reasoning_effort: reasoning }),
    ...(maxOutputTokens !== null && limit !== undefined && { [limit]: maxOutputTokens }),
  }
  return {
    body: { model: request.model, messages: messagesOf(request), stream: true, ...settings },
    optional: Object.keys(settings).map(name => (name === 'reasoning_effort' ? effort : name)),
  }
}

function messagesOf({ system, messages }: ProviderRequest): ChatCompletionCreateParamsStreaming['messages'] {
  const turns = messages.map(({ role, content }) => ({ role, content }))
  return system === null ? turns : [{ role: 'system', content: system }, ...turns]
}
