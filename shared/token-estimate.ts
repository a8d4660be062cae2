/*
 * A rough count by kind of character: no table to download, linear in the text. Fitted to o200k_base on prose, code and
 * several scripts. It is for what is shown with a "≈", never for a bill.
 */

type Kind = 'space' | 'break' | 'letter' | 'digit' | 'mark' | 'alphabet' | 'ideograph' | 'other'

/** Tokens that each character adds to the run it continues; a run's first character adds `start` instead. */
const WEIGHTS: Readonly<Record<Kind, { readonly start: number; readonly next: number }>> = {
  // One space belongs to the word behind it; a run of them (indentation) is about one token.
  space: { start: 0.05, next: 0.06 },
  break: { start: 0.55, next: 0.1 },
  letter: { start: 0.72, next: 0.085 },
  digit: { start: 1, next: 0.33 },
  mark: { start: 0.7, next: 0.33 },
  alphabet: { start: 0.7, next: 0.19 },
  ideograph: { start: 0.75, next: 0.7 },
  other: { start: 1.2, next: 1.1 },
}

/** About how many tokens the text is, for a model that cuts text as OpenAI's newer ones do; 0 for an empty text. */
export function estimateTokens(text: string): number {
  let tokens = 0
  let previous: Kind | null = null
  for (const character of text) {
    const kind = kindOf(character.codePointAt(0) ?? 0)
    tokens += kind === previous ? WEIGHTS[kind].next : WEIGHTS[kind].start
    previous = kind
  }
  return Math.ceil(tokens)
}

function kindOf(code: number): Kind {
  if (code < 0x80) return asciiKindOf(code)
  // Latin with accents, Greek, Cyrillic, Armenian, Hebrew, Arabic and the scripts of India and South-East Asia.
  if (code >= 0xc0 && code < 0x1100) return 'alphabet'
  if (code < 0xc0 || (code >= 0x2000 && code < 0x2e80)) return 'mark'
  if (code >= 0x2e80 && code < 0xd800) return 'ideograph'
  if (code >= 0xf900 && code < 0xfb00) return 'ideograph'
  if (code >= 0xff00 && code < 0xfff0) return 'ideograph'
  return 'other'
}

function asciiKindOf(code: number): Kind {
  if (code === 0x20 || code === 0x09) return 'space'
  if (code === 0x0a || code === 0x0d) return 'break'
  if (code >= 0x30 && code <= 0x39) return 'digit'
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a ? 'letter' : 'mark'
}
