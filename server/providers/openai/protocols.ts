import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import type { ResponseCreateParamsStreaming } from 'openai/resources/responses/responses'
import { buildChatRequest } from './chat-request.ts'
import { buildResponsesRequest } from './responses-request.ts'
import type { Protocol } from './server.ts'

// `asResponse` gives the raw body: the SDK's own stream hides where an answer was cut, and drops what its types do not know.

/** Chat Completions as OpenAI speaks it. */
export const OPENAI_CHAT: Protocol<ChatCompletionCreateParamsStreaming> = {
  build: (request, isAccepted) => buildChatRequest(request, { isAccepted, limitName: 'max_completion_tokens' }),
  send: (client, body, options) => client.chat.completions.create(body, options).asResponse(),
}

/** Chat Completions as everybody else speaks it. */
export const COMPATIBLE_CHAT: Protocol<ChatCompletionCreateParamsStreaming> = {
  build: (request, isAccepted) => buildChatRequest(request, { isAccepted, limitName: 'max_tokens' }),
  send: OPENAI_CHAT.send,
}

/** The Responses API; `isOpenai` as in `buildResponsesRequest`. */
export function responsesProtocol(isOpenai: boolean): Protocol<ResponseCreateParamsStreaming> {
  return {
    build: (request, isAccepted) => buildResponsesRequest(request, { isAccepted, isOpenai }),
    send: (client, body, options) => client.responses.create(body, options).asResponse(),
  }
}
