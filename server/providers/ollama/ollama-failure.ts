import { AppError } from '#shared/errors.ts'
import { type FailureFacts, providerFailure } from '../failure.ts'
import type { RefusedParameters } from '../provider.ts'
import type { ChatBody } from './chat-body.ts'
import { isCloudModel } from './ollama-models.ts'

export const OLLAMA = 'Ollama'

type Refusal = { readonly status: number; readonly message: string; readonly model: string }

/** A refused call as our own error: Ollama says everything in one sentence, `{"error":"…"}`. */
export function ollamaFailure({ status, message, model }: Refusal): AppError {
  if (status === 404 && /not found/.test(message) && model !== '') return modelMissing(model)
  if (status === 401 && isCloudModel(model)) return signInMissing(model)
  return memoryMissing(message, model) ?? providerFailure(factsOf(message, model, status))
}

/** A refused answer. What the model does not take is noted first, so that the same request sent again leaves it out. */
export function ollamaChatFailure(refusal: Refusal, body: ChatBody, refused: RefusedParameters): AppError {
  const parameter = refusal.status === 400 ? refusedParameter(refusal.message, body) : null
  if (parameter === null || refused.has(refusal.model, parameter)) return ollamaFailure(refusal)
  refused.add(refusal.model, parameter)
  const facts = factsOf(refusal.message, refusal.model, refusal.status)
  return providerFailure({ ...facts, code: 'unsupported_parameter', parameter: 'think', learnt: true })
}

/** A line `{"error":"…"}` in an answer that had begun. */
export function ollamaStreamFailure(message: string, model: string): AppError {
  return memoryMissing(message, model) ?? providerFailure(factsOf(message, model, null))
}

function refusedParameter(message: string, body: ChatBody): string | null {
  // "llama3" does not support thinking            invalid think value: "max" (must be "high", "medium", "low", …)
  //          ^^^^^^^^^^^^^^^^^^^^^^^^^                    ^^^^^^^^^^^
  if (body.think === undefined) return null
  if (/does not support thinking/.test(message)) return 'think'
  return /think value/.test(message) && typeof body.think === 'string' ? 'think.level' : null
}

function factsOf(message: string, model: string, status: number | null): FailureFacts {
  return {
    provider: OLLAMA,
    keyVariable: null,
    status,
    code: null,
    type: null,
    parameter: null,
    providerMessage: message,
    retryAfterMs: null,
    model,
  }
}

function modelMissing(model: string): AppError {
  const name = model.slice(0, 80)
  return new AppError(
    'unknown-model',
    `Ollama has no model “${name}” (status 404). Your prompt is saved. Run “ollama pull ${name}” on its machine, or choose another model.`,
  )
}

function signInMissing(model: string): AppError {
  return new AppError(
    'provider-key-rejected',
    `“${model.slice(0, 80)}” runs in Ollama's cloud, which refused the call (status 401). Your prompt is saved. Run “ollama signin” on Ollama's machine, or choose a local model.`,
  )
}

function memoryMissing(message: string, model: string): AppError | null {
  if (!/requires more system memory|out of memory/.test(message)) return null
  return new AppError(
    'provider-failed',
    `Ollama's machine has too little memory for “${model.slice(0, 80)}”. Your prompt is saved. Choose a smaller model.`,
  )
}
