import { Hono } from 'hono'
import type { ProviderStanding } from '#shared/wire/providers.ts'
import type { ProviderHealth } from './provider-health.ts'
import type { ProviderRegistry } from './provider-registry.ts'

/** `GET /api/providers`: which providers there are, and how their last calls went. No key, and no word of a provider's own. */
export function providersRoutes(registry: ProviderRegistry, health: ProviderHealth): Hono {
  const standingOf = ([id, state]: readonly [string, 'configured' | 'missing']): ProviderStanding => ({
    id,
    name: registry.find(id)?.name ?? id,
    state,
    key_variable: registry.keyVariableOf(id),
    ...health.of(id),
  })
  return new Hono().get('/', context => context.json(Object.entries(registry.states()).map(standingOf)))
}
