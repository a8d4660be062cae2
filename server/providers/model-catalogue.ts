import type { Clock } from '#shared/clock.ts'
import type { Model, ModelAbilities } from '#shared/models.ts'
import { type KnownModel, knownModels } from './known-models.ts'
import { MANUAL_MODEL } from './manual/manual-provider.ts'
import { findListedModel, listedModels } from './pricing/listed-prices.ts'
import { withoutRelease } from './pricing/model-names.ts'
import { priceOfModel } from './pricing/price-call.ts'
import type { Provider } from './provider.ts'

type ProviderFacts = Pick<Provider, 'id' | 'prices'>

export interface ModelCatalogue {
  /** The provider's models as far as they are known without asking it; empty where nothing is. */
  models(provider: ProviderFacts): readonly Model[]
  /** The model with what its provider's listing left out; what the listing says is kept. */
  complete(provider: ProviderFacts, model: Model): Model
  /** The models in a useful order: the current ones first, dated snapshots of listed models last, else as they came. */
  sort(provider: ProviderFacts, models: readonly Model[]): readonly Model[]
}

/** Limits, abilities and prices from the price list and our own table. Prices are those of the moment of asking. */
export function createModelCatalogue({ clock }: { readonly clock: Clock }): ModelCatalogue {
  function complete(provider: ProviderFacts, model: Model): Model {
    const name = model.id.slice(provider.id.length + 1)
    const known = knownAs(provider, name)
    return {
      ...model,
      name: model.name === name ? (known?.name ?? name) : model.name,
      context_window: model.context_window ?? known?.contextWindow ?? listedContext(provider, name),
      max_output_tokens: model.max_output_tokens ?? known?.maxOutputTokens ?? null,
      price: model.price ?? priceOfModel(provider.prices, name, clock.now()),
      abilities: { ...known?.abilities, ...model.abilities },
    }
  }

  return {
    complete,
    models(provider) {
      if (provider.id === MANUAL_MODEL.provider) return [MANUAL_MODEL]
      return namesOf(provider).map(name => complete(provider, bareModel(provider.id, name)))
    },
    sort(provider, models) {
      const names = new Set(models.map(({ id }) => id))
      const order = knownOf(provider).map(({ model }) => `${provider.id}/${model}`)
      const place = ({ id }: Model): number => {
        const alias = withoutRelease(id)
        if (alias !== id && names.has(alias)) return order.length + 1
        const known = order.indexOf(alias)
        return known < 0 ? order.length : known
      }
      return models.toSorted((one, other) => place(one) - place(other))
    },
  }
}

/** Our own table where it knows the provider, else whatever the price list can price and does not call outdated. */
function namesOf(provider: ProviderFacts): readonly string[] {
  if (provider.prices.kind !== 'listed') return []
  const known = knownOf(provider)
  if (known.length > 0) return known.map(({ model }) => model)
  return listedModels(provider.prices.providerId)
    .filter(({ deprecated }) => deprecated !== true)
    .map(({ id }) => id)
    .filter(id => priceOfModel(provider.prices, id, 0) !== null)
}

function knownOf({ prices }: ProviderFacts): readonly KnownModel[] {
  return prices.kind === 'listed' ? knownModels(prices.providerId) : []
}

function knownAs(provider: ProviderFacts, name: string): KnownModel | undefined {
  const alias = withoutRelease(name)
  return knownOf(provider).find(({ model }) => model === alias)
}

function listedContext({ prices }: ProviderFacts, name: string): number | null {
  if (prices.kind !== 'listed') return null
  return findListedModel(prices.providerId, name.toLowerCase())?.context_window ?? null
}

function bareModel(provider: string, name: string): Model {
  const nothing = { context_window: null, max_output_tokens: null, price: null } as const
  const abilities: ModelAbilities = {}
  return { id: `${provider}/${name}`, provider, name, ...nothing, abilities, source: 'catalogue' }
}
