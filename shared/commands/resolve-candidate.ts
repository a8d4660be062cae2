import type { Candidate } from './complete-command.ts'
import { matchWord } from './match-words.ts'
import { nearestWord } from './nearest-word.ts'

export type Resolved =
  | { readonly kind: 'found'; readonly value: string }
  /** Several fit equally well, or none does; `nearest` is what may have been meant. */
  | { readonly kind: 'unclear'; readonly several: boolean; readonly nearest: string | null }

/**
 * Which candidate somebody means: the one with exactly this value or text, else the only one that holds all the words written.
 */
export function resolveCandidate(written: string, candidates: readonly Candidate[]): Resolved {
  const text = written.trim().toLowerCase()
  const exact = candidates.filter(
    ({ value, text: shown }) => value.toLowerCase() === text || shown.toLowerCase() === text,
  )
  if (exact.length > 0) return { kind: 'found', value: exact[0]?.value ?? '' }
  const words = text.split(/\s+/)
  const fitting = candidates.filter(({ value, text: shown }) =>
    words.every(word => matchWord(word, `${shown} ${value}`, { isLoose: false }) !== null),
  )
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return { kind: 'found', value: only.value }
  const nearest =
    only?.text ??
    nearestWord(
      text,
      candidates.map(({ text: shown }) => shown),
    )
  return { kind: 'unclear', several: fitting.length > 1, nearest }
}
