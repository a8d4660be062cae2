import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import type { Model } from '#shared/models.ts'
import { writeAtomically } from './write-atomically.ts'

/** What each provider listed last, by provider id. */
export type ModelsByProvider = ReadonlyMap<string, readonly Model[]>

const usd = v.pipe(v.number(), v.finite(), v.minValue(0))
const tokens = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))
const ability = v.exactOptional(v.boolean())
const modelSchema = v.object({
  id: v.string(),
  provider: v.string(),
  name: v.string(),
  context_window: tokens,
  max_output_tokens: tokens,
  price: v.nullable(v.object({ input: usd, output: usd, cache_read: v.nullable(usd), cache_write: v.nullable(usd) })),
  abilities: v.object({ vision: ability, pdf: ability, reasoning: ability, temperature: ability }),
  source: v.picklist(['live', 'catalogue', 'config']),
})
const cacheSchema = v.object({ version: v.literal(1), providers: v.record(v.string(), v.array(modelSchema)) })

/** Reads the cache; null where there is none. Throws where the file is there but cannot be read or is not one of ours. */
export async function readModelCache(path: string): Promise<ModelsByProvider | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  return new Map(Object.entries(v.parse(cacheSchema, JSON.parse(text)).providers))
}

/** Replaces the cache in one step. */
export function writeModelCache(path: string, models: ModelsByProvider): Promise<void> {
  return writeAtomically(path, JSON.stringify({ version: 1, providers: Object.fromEntries(models) }))
}
