import * as v from 'valibot'
import { tagField } from './wire/conversation-requests.ts'

export type ReadTags = { readonly tags: readonly string[] } | { readonly problem: string }

/**
 * The tags that somebody typed, in their order and once each: words between spaces or commas, with or without `#`, in lower
 * case. A word that cannot be a tag is a problem in words.
 */
export function readTags(text: string): ReadTags {
  const words = text
    .split(/[\s,]+/u)
    .map(word => word.replace(/^#+/u, '').toLowerCase())
    .filter(word => word !== '')
  const bad = words.find(word => !v.safeParse(tagField, word).success)
  if (bad !== undefined) return { problem: `“${bad.slice(0, 60)}” cannot be a tag: at most 50 characters, no slash.` }
  return { tags: [...new Set(words)] }
}
