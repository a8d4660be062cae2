/** Which models a person likes to see, on all devices. */
export type ModelTaste = {
  /** First in the list. */
  readonly favourites: readonly string[]
  /** Not in the list; they answer all the same when they are named. */
  readonly hidden: readonly string[]
  /** What a new chat asks; null for the last one chosen. */
  readonly standard: string | null
}

/** The setting that holds it. */
export const MODEL_TASTE_SETTING = 'models'

/** Nothing liked and nothing hidden. */
export const NO_TASTE: ModelTaste = { favourites: [], hidden: [], standard: null }

/** The taste with a model in or out of one of its lists. A favourite is never hidden. */
export function withModel(
  taste: ModelTaste,
  list: 'favourites' | 'hidden',
  { id, isIn }: { readonly id: string; readonly isIn: boolean },
): ModelTaste {
  const other = list === 'favourites' ? 'hidden' : 'favourites'
  const without = (name: 'favourites' | 'hidden') => taste[name].filter(known => known !== id)
  return {
    ...taste,
    [other]: isIn ? without(other) : taste[other],
    [list]: isIn ? [...without(list), id] : without(list),
  }
}

/** Models as they are offered: favourites first, hidden ones left out, save the one in use. */
export function offered<Model extends { readonly id: string }>(
  models: readonly Model[],
  { favourites, hidden }: ModelTaste,
  currentId: string | null,
): readonly Model[] {
  const shown = models.filter(({ id }) => !hidden.includes(id) || id === currentId)
  const isFavourite = ({ id }: Model): boolean => favourites.includes(id)
  return [...shown.filter(isFavourite), ...shown.filter(model => !isFavourite(model))]
}
