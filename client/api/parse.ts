import * as v from 'valibot'
import type { Model } from '#shared/models.ts'
import { errorDetailSchema } from '#shared/wire/records.ts'
import type { Failure } from './outcome.ts'

export type Health = {
  readonly status: string
  readonly version: string
  readonly database: string
  readonly providers: Readonly<Record<string, string>>
}

const healthSchema = v.object({
  status: v.string(),
  version: v.string(),
  database: v.string(),
  providers: v.record(v.string(), v.string()),
})

const price = v.object({
  input: v.number(),
  output: v.number(),
  cache_read: v.nullable(v.number()),
  cache_write: v.nullable(v.number()),
})
const optionalAbility = v.exactOptional(v.boolean())
const modelSchema: v.GenericSchema<unknown, Model> = v.object({
  id: v.string(),
  provider: v.string(),
  name: v.string(),
  context_window: v.nullable(v.number()),
  max_output_tokens: v.nullable(v.number()),
  price: v.nullable(price),
  abilities: v.object({
    vision: optionalAbility,
    pdf: optionalAbility,
    reasoning: optionalAbility,
    temperature: optionalAbility,
  }),
  source: v.picklist(['live', 'catalogue', 'config']),
})

const copySchema = v.object({ id: v.string() })
const devicesSchema = v.array(v.object({ id: v.string(), seen_at: v.number() }))

/** A device that has synced, and when the server saw it last. */
export type SeenDevice = v.InferOutput<typeof devicesSchema>[number]

const refusalSchema = v.object({ error: errorDetailSchema })

export const parseHealth = (value: unknown): Health => v.parse(healthSchema, value)
export const parseDevices = (value: unknown): readonly SeenDevice[] => v.parse(devicesSchema, value)
export const parseModels = (value: unknown): readonly Model[] => v.parse(v.array(modelSchema), value)

export const parseCopyId = (value: unknown): string => v.parse(copySchema, value).id

/** The model list as this device kept it; empty where there is none that this version can read. */
export function parseKeptModels(text: string | null): readonly Model[] {
  const kept = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(modelSchema)), text)
  return kept.success ? kept.output : []
}

/** The body of a refused call; anything but the agreed shape counts as broken. */
export function parseFailure(status: number, body: unknown): Failure {
  const refusal = v.safeParse(refusalSchema, body)
  if (!refusal.success) return { kind: 'broken', status }
  return { kind: 'refused', status, error: refusal.output.error }
}
