import type { ProviderRequest } from '../provider.ts'

const SMALLEST_TOKENS = 8_192
const ANSWER_TOKENS = 4_096

/**
 * Chooses `num_ctx`. Ollama's default is 4,096 tokens on most machines, and longer prompts lose their beginning without
 * a word, so each request asks for room for its prompt and answer. Not for the model's whole context: memory grows with
 * it, and 131,072 tokens would push a model that fits the graphics card out of it.
 */
export interface ContextSizer {
  /** In tokens: a power of two times 8,192, at most `contextLength`. */
  size(request: ProviderRequest, contextLength: number | null): number
}

/** Remembers each model's largest size: another size makes Ollama load the model again, so it only ever grows. */
export function createContextSizer(): ContextSizer {
  const largest = new Map<string, number>()
  return {
    size(request, contextLength) {
      const limit = contextLength ?? Number.POSITIVE_INFINITY
      const needed = promptTokens(request) + (request.maxOutputTokens ?? ANSWER_TOKENS)
      let tokens = largest.get(request.model) ?? SMALLEST_TOKENS
      while (tokens < needed && tokens < limit) tokens *= 2
      largest.set(request.model, Math.min(tokens, limit))
      return Math.min(tokens, limit)
    },
  }
}

/** More than it will be: three bytes a token is generous for English (about four) and right for Chinese (one sign). */
function promptTokens(request: ProviderRequest): number {
  const texts = [request.system ?? '', ...request.messages.map(message => message.content)]
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return Math.ceil(bytes / 3) + texts.length * 8
}
