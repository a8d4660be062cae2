import type { Model } from '#shared/models.ts'
import { parseModelId } from '#shared/models.ts'

export type ModelGroup = { readonly provider: string; readonly models: readonly Model[] }

/** The models whose id holds every word of the filter, by provider, in the order they came. */
export function modelGroups(models: readonly Model[], filter: string): readonly ModelGroup[] {
  const words = filter.toLowerCase().split(/\s+/)
  const shown = models.filter(model => {
    const text = `${model.id} ${model.name}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
  return [...Map.groupBy(shown, model => model.provider)].map(([provider, group]) => ({ provider, models: group }))
}

/** A model that is in no list yet but may exist all the same: the filter itself, if it reads as `provider/model`. */
export function unlistedModel(models: readonly Model[], filter: string): string | null {
  const id = filter.trim()
  return parseModelId(id) !== null && !/\s/.test(id) && models.every(model => model.id !== id) ? id : null
}
