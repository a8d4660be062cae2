import { AppError } from '#shared/errors.ts'
import { connectionFailure } from '../failure.ts'
import { OLLAMA, ollamaFailure } from './ollama-failure.ts'
import { parseErrorBody } from './parse.ts'

/** The HTTP side of one Ollama server. */
export interface OllamaClient {
  /** Rejects as `fetch` does, so that the caller can tell an abort from a line that is down. */
  post(path: string, body: object, signal: AbortSignal): Promise<Response>
  /** A question with a JSON answer, as `parse` reads it; GET without a body. Throws AppError. */
  ask<Answer>(question: Question<Answer>, signal: AbortSignal): Promise<Answer>
}

type Question<Answer> = {
  readonly path: string
  readonly body?: object
  readonly parse: (answer: unknown) => Answer
}

export function createOllamaClient(baseUrl: string): OllamaClient {
  const address = baseUrl.replace(/\/+$/, '')

  function send(path: string, body: object | undefined, signal: AbortSignal): Promise<Response> {
    // What the owner asks goes to the configured address and to no other.
    const common = { redirect: 'error', signal } as const
    if (body === undefined) return fetch(`${address}${path}`, common)
    const headers = { 'content-type': 'application/json' }
    return fetch(`${address}${path}`, { ...common, method: 'POST', headers, body: JSON.stringify(body) })
  }

  async function fetchText(path: string, body: object | undefined, signal: AbortSignal) {
    try {
      const response = await send(path, body, signal)
      return { response, text: await response.text() }
    } catch (error) {
      throw connectionFailure(OLLAMA, error, { started: false })
    }
  }

  return {
    post: send,
    async ask({ path, body, parse }, signal) {
      const { response, text } = await fetchText(path, body, signal)
      if (!response.ok) {
        throw ollamaFailure({ status: response.status, message: parseErrorBody(text), model: '' })
      }
      try {
        return parse(JSON.parse(text))
      } catch (cause) {
        const message = `The server at OLLAMA_BASE_URL does not answer ${path} as Ollama does. Check the address.`
        throw new AppError('provider-failed', message, { cause })
      }
    },
  }
}
