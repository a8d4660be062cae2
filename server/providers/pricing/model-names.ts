import type { MatchLogic } from '@pydantic/genai-prices'

const RELEASE = /[-@](20\d{6}|20\d{2}-\d{2}-\d{2}|0\d{2}|latest)$/

/** `claude-haiku-4-5-20251001` and `claude-haiku-4-5-latest` → `claude-haiku-4-5`. */
export function withoutRelease(model: string): string {
  return model.replace(RELEASE, '')
}

/**
 * True when a price list's entry means this very model, not a relative that its pattern happens to fit: the list prices
 * `claude-sonnet-5-5` as `claude-sonnet-5`, since the one begins with the other. An entry means what it is called and
 * what its patterns spell out, each with or without a release date.
 */
export function namesModel(entry: { readonly id: string; readonly match: MatchLogic }, model: string): boolean {
  const wanted = withoutRelease(model)
  return [entry.id, ...spelledOut(entry.match)].some(name => {
    const known = name.toLowerCase()
    return known === model || withoutRelease(known) === wanted
  })
}

function spelledOut(match: MatchLogic): readonly string[] {
  if ('or' in match) return match.or.flatMap(spelledOut)
  if ('and' in match) return match.and.flatMap(spelledOut)
  if ('equals' in match) return [match.equals]
  if ('starts_with' in match) return [match.starts_with.replace(/[-@]$/, '')]
  if ('ends_with' in match) return [match.ends_with]
  if ('contains' in match) return [match.contains.replace(/[-@]$/, '')]
  return []
}
