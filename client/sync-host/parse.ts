import * as v from 'valibot'
import type { ServerSentEvent } from '#shared/event-stream.ts'
import { errorDetailSchema } from '#shared/wire/records.ts'
import { type Boot, bootSchema } from '#shared/wire/sync.ts'
import type { SyncFailure } from '../sync/ports.ts'

const RUN_STATES = ['queued', 'starting', 'streaming', 'done', 'error', 'cancelled', 'interrupted'] as const

const pokeSchema = v.object({ rev: v.number(), epoch: v.string() })
const runSchema = v.object({ id: v.string(), state: v.picklist(RUN_STATES), message_id: v.string() })

/** A run of this user has changed, on whatever device it was asked for. */
export type RunNews = v.InferOutput<typeof runSchema>

/** One event of `GET /api/live`. */
export type LiveEvent =
  | { readonly kind: 'poke'; readonly at: v.InferOutput<typeof pokeSchema> }
  | { readonly kind: 'run'; readonly run: RunNews }

const refusalSchema = v.object({
  error: errorDetailSchema,
  epoch: v.optional(v.string()),
  policy: v.optional(v.picklist(['merge', 'replace'])),
})

/** Null for an event that this version does not know or cannot read: a newer server may have more to say. */
export function parseLiveEvent({ event, data }: ServerSentEvent): LiveEvent | null {
  const value = parseJson(data)
  if (event === 'poke') {
    const poke = v.safeParse(pokeSchema, value)
    return poke.success ? { kind: 'poke', at: poke.output } : null
  }
  const run = v.safeParse(runSchema, value)
  return event === 'run' && run.success ? { kind: 'run', run: run.output } : null
}

/** Null for anything but the agreed shape. */
export function parseBoot(text: string): Boot | null {
  const boot = v.safeParse(bootSchema, parseJson(text))
  return boot.success ? boot.output : null
}

/** What a refused call means to the engine; anything but the agreed shape is broken (a proxy's page, a captive portal). */
export function parseRefusal(text: string): SyncFailure {
  const refusal = v.safeParse(refusalSchema, parseJson(text))
  if (!refusal.success) return { kind: 'broken' }
  const { error, epoch, policy } = refusal.output
  switch (error.code) {
    case 'fork':
      return epoch === undefined || policy === undefined ? { kind: 'broken' } : { kind: 'fork', epoch, policy }
    case 'gap':
      return { kind: 'gap' }
    case 'device-cloned':
      return { kind: 'cloned' }
    case 'schema-too-new':
      return { kind: 'too-new' }
    case 'upgrade-required':
      return { kind: 'upgrade' }
    default:
      return { kind: 'refused', error }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is not the agreed shape; the schema that follows says so.
    return undefined
  }
}
