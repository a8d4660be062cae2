import type { TiktokenBPE } from 'js-tiktoken/lite'
import { Tiktoken } from 'js-tiktoken/lite'

/** Counts tokens; `encodedUnits` is how many characters (UTF-16 units) the encoder itself has been given so far. */
export type Tokenizer = { count(text: string): number; readonly encodedUnits: number }

/** The encoder's merge loop is quadratic in a piece, so no piece is longer. Real words are not. */
const LONGEST_PIECE = 64
/** Outside ASCII a character is up to three bytes of the merge. */
const LONGEST_WIDE_PIECE = 24
const WIDE = /[^\0-\x7f]/
/** The splitting pattern backtracks over a run, so it is never shown more than this at once. */
const LONGEST_BLOCK = 16_384
const REMEMBERED_PIECES = 20_000

/**
 * A tokenizer whose time is linear in the text, whatever is pasted: 100,000 times "=" bare would take minutes. Counts are
 * those of the encoding itself, except in runs without a break of more than 64 characters, where they may be a little high.
 */
export function createTokenizer(ranks: TiktokenBPE): Tokenizer {
  const encoder = new Tiktoken(ranks)
  const pattern = new RegExp(ranks.pat_str, 'gu')
  const remembered = new Map<string, number>()
  let encodedUnits = 0

  function countPiece(piece: string): number {
    const known = remembered.get(piece)
    if (known !== undefined) return known
    encodedUnits += piece.length
    // No special tokens: `<|endoftext|>` in a message is just text, and the default throws on it.
    const tokens = encoder.encode(piece, [], []).length
    if (remembered.size >= REMEMBERED_PIECES) remembered.clear()
    remembered.set(piece, tokens)
    return tokens
  }

  return {
    count(text) {
      let tokens = 0
      for (const block of cut(text, LONGEST_BLOCK)) {
        for (const [word] of block.matchAll(pattern)) {
          const longest = word.length > LONGEST_WIDE_PIECE && WIDE.test(word) ? LONGEST_WIDE_PIECE : LONGEST_PIECE
          for (const piece of cut(word, longest)) tokens += countPiece(piece)
        }
      }
      return tokens
    },
    get encodedUnits() {
      return encodedUnits
    },
  }
}

/** The text in parts of at most `longest` UTF-16 units, never between the halves of a surrogate pair. */
export function* cut(text: string, longest: number): Generator<string> {
  let start = 0
  while (text.length - start > longest) {
    const end = start + longest
    const isInPair = isHighSurrogate(text.charCodeAt(end - 1))
    const stop = isInPair ? end - 1 : end
    yield text.slice(start, stop)
    start = stop
  }
  if (start < text.length) yield text.slice(start)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
