/** US dollars per million tokens. */
export type ModelPrice = {
  readonly input: number
  readonly output: number
  readonly cache_read: number | null
  readonly cache_write: number | null
}

/** What a model can do; absent means unknown. */
export type ModelAbilities = {
  readonly vision?: boolean
  readonly pdf?: boolean
  readonly reasoning?: boolean
  readonly temperature?: boolean
}

export type Model = {
  /** `provider/model`. */
  readonly id: string
  readonly provider: string
  readonly name: string
  readonly context_window: number | null
  readonly max_output_tokens: number | null
  readonly price: ModelPrice | null
  readonly abilities: ModelAbilities
  readonly source: 'live' | 'catalogue' | 'config'
}

/** Splits `provider/model` at the first slash, since model names hold slashes themselves; null where either part is missing. */
export function parseModelId(id: string): { readonly provider: string; readonly model: string } | null {
  const slash = id.indexOf('/')
  if (slash < 1 || slash === id.length - 1) return null
  return { provider: id.slice(0, slash), model: id.slice(slash + 1) }
}
