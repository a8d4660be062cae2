import * as v from 'valibot'
import type { ErrorDetail } from '../errors.ts'
import type { Citation, Message } from '../records.ts'
import { citationSchema, errorDetailSchema, messageSchema } from './records.ts'

/** Which run this is, and the rows it writes to. First on every fresh stream. */
type RunStarted = {
  readonly run_id: string
  readonly conversation_id: string
  readonly message_id: string
  readonly user_message_id: string
  readonly model: string
}

/** What the run has used so far; replaces what was said before. Money in nano-dollars, null where no price is known. */
export type RunUsage = {
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly tokens_cache_read: number | null
  readonly tokens_cache_write: number | null
  readonly tokens_reasoning: number | null
  readonly cost_nanousd: number | null
}

/** An `error` that ends a run, and the message that keeps what came before it. */
type RunFailure = ErrorDetail & { readonly message_id: string | null }

/** One event of a run as a reader sees it. `done` or `error` is the last one. */
export type RunEvent =
  | { readonly type: 'run'; readonly data: RunStarted }
  /** Replaces everything the reader has. */
  | { readonly type: 'snapshot'; readonly data: { readonly text: string; readonly reasoning: string } }
  | { readonly type: 'token'; readonly data: { readonly text: string } }
  | { readonly type: 'reasoning'; readonly data: { readonly text: string } }
  | { readonly type: 'citation'; readonly data: Citation }
  | { readonly type: 'usage'; readonly data: RunUsage }
  | { readonly type: 'done'; readonly data: { readonly message: Message } }
  | { readonly type: 'error'; readonly data: RunFailure }

const count = v.optional(v.nullable(v.number()), null)
const textSchema = v.object({ text: v.string() })

const SCHEMAS = {
  run: v.object({
    run_id: v.string(),
    conversation_id: v.string(),
    message_id: v.string(),
    user_message_id: v.string(),
    model: v.string(),
  }),
  snapshot: v.object({ text: v.string(), reasoning: v.optional(v.nullable(v.string()), '') }),
  usage: v.object({
    tokens_input: count,
    tokens_output: count,
    tokens_cache_read: count,
    tokens_cache_write: count,
    tokens_reasoning: count,
    cost_nanousd: count,
  }),
  done: v.object({ message: messageSchema }),
  error: v.intersect([errorDetailSchema, v.object({ message_id: v.optional(v.nullable(v.string()), null) })]),
} as const

/**
 * One SSE event by its name and its `data` line. Null for a name this version does not know, so that a newer server
 * can add events; throws on data that is not JSON or lacks a field.
 */
export function parseRunEvent(name: string, data: string): RunEvent | null {
  switch (name) {
    case 'run':
      return { type: name, data: v.parse(SCHEMAS.run, JSON.parse(data)) }
    case 'snapshot': {
      const snapshot = v.parse(SCHEMAS.snapshot, JSON.parse(data))
      return { type: name, data: { text: snapshot.text, reasoning: snapshot.reasoning ?? '' } }
    }
    case 'token':
    case 'reasoning':
      return { type: name, data: v.parse(textSchema, JSON.parse(data)) }
    case 'citation':
      return { type: name, data: v.parse(citationSchema, JSON.parse(data)) }
    case 'usage':
      return { type: name, data: v.parse(SCHEMAS.usage, JSON.parse(data)) }
    case 'done':
      return { type: name, data: v.parse(SCHEMAS.done, JSON.parse(data)) }
    case 'error':
      return { type: name, data: v.parse(SCHEMAS.error, JSON.parse(data)) }
    default:
      return null
  }
}
