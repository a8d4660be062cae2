import * as v from 'valibot'

const Count = v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null)
const Text = v.fallback(v.string(), '')

const ChatLine = v.object({
  model: Text,
  /** `/api/chat` nests its text, `/api/generate` and cloud models before 2026 give it as `response`. */
  message: v.fallback(v.object({ content: Text, thinking: Text, tool_calls: v.fallback(v.array(v.unknown()), []) }), {
    content: '',
    thinking: '',
    tool_calls: [],
  }),
  response: Text,
  thinking: Text,
  done: v.fallback(v.boolean(), false),
  done_reason: v.fallback(v.nullable(v.string()), null),
  error: v.fallback(v.nullable(v.string()), null),
  total_duration: Count,
  load_duration: Count,
  prompt_eval_count: Count,
  prompt_eval_duration: Count,
  eval_count: Count,
  eval_duration: Count,
})

export type ChatLine = v.InferOutput<typeof ChatLine>

/** One line of an answer. Throws SyntaxError or ValiError where it is no JSON object. */
export function parseChatLine(line: string): ChatLine {
  return v.parse(ChatLine, JSON.parse(line))
}

const ErrorBody = v.object({ error: v.string() })

/** The `error` of a refusal's body, or the body itself where it is not from Ollama. */
export function parseErrorBody(body: string): string {
  try {
    const result = v.safeParse(ErrorBody, JSON.parse(body))
    return result.success ? result.output.error : body
  } catch {
    return body
  }
}

const Tags = v.object({
  models: v.array(v.object({ name: v.string(), remote_host: v.fallback(v.nullable(v.string()), null) })),
})

export type Tag = v.InferOutput<typeof Tags>['models'][number]

/** The body of `GET /api/tags`. Throws ValiError where it is none. */
export function parseTags(body: unknown): readonly Tag[] {
  return v.parse(Tags, body).models
}

const Show = v.object({
  capabilities: v.fallback(v.nullable(v.array(v.string())), null),
  model_info: v.fallback(v.record(v.string(), v.unknown()), {}),
})

export type ModelDetails = {
  /** `completion`, `vision`, `tools`, `thinking`, `embedding`, …; null where the server is too old to tell. */
  readonly capabilities: readonly string[] | null
  /** The longest context that the model was trained for, in tokens. */
  readonly contextLength: number | null
}

/** The body of `POST /api/show`. Throws ValiError where it is none. */
export function parseShow(body: unknown): ModelDetails {
  const { capabilities, model_info } = v.parse(Show, body)
  const length = model_info[`${String(model_info['general.architecture'])}.context_length`]
  return { capabilities, contextLength: typeof length === 'number' && length > 0 ? length : null }
}
