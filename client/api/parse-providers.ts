import * as v from 'valibot'
import { type ProviderStanding, providerStandingSchema } from '#shared/wire/providers.ts'

/** The answer of `GET /api/providers`. */
export function parseProviders(value: unknown): readonly ProviderStanding[] {
  return v.parse(v.array(providerStandingSchema), value)
}
