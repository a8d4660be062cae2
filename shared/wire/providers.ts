import * as v from 'valibot'

const problemSchema = v.object({
  /** One of `ErrorCode`; a newer server may know more of them. */
  code: v.string(),
  /** When it began: it has not been otherwise since. */
  since: v.number(),
  last_at: v.number(),
})

/** A provider as the server stands to it, in the answer of `GET /api/providers`. Times are those of the server's present life. */
export const providerStandingSchema = v.object({
  id: v.string(),
  name: v.string(),
  state: v.picklist(['configured', 'missing']),
  /** What holds its key in the server's environment; null where it takes none. Never the key. */
  key_variable: v.nullable(v.string()),
  last_ok_at: v.nullable(v.number()),
  /** From the call to the first piece of the last answer. */
  first_token_ms: v.nullable(v.number()),
  /** Null when it answered last time. */
  problem: v.nullable(problemSchema),
})
export type ProviderStanding = v.InferOutput<typeof providerStandingSchema>
