import { createRandom } from './random.ts'

const SYLLABLES = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'ha',
  'ke',
  'li',
  'mo',
  'nu',
  'pa',
  're',
  'si',
  'to',
  'vu',
  'wa',
  'ye',
  'zi',
  'stra',
  'ning',
]
const WORDS = 20_000
const HAN_START = 0x4e00
const HAN_SIGNS = 3000

/** Text like that of conversations: few words often, many rarely; the same seed gives the same text. */
export type TextMaker = {
  /** A word by its place in the order of frequency, 0 the commonest. */
  word(rank: number): string
  sentence(words: number): string
  han(signs: number): string
}

export function createTextMaker(seed: number): TextMaker {
  const random = createRandom(seed)
  // Zipf's law, roughly: a word's frequency falls with its rank.
  const anyWord = () => wordAt(Math.floor(WORDS ** random()) - 1)
  return {
    word: wordAt,
    sentence: words => `${Array.from({ length: words }, anyWord).join(' ')}.`,
    han: signs =>
      String.fromCodePoint(...Array.from({ length: signs }, () => HAN_START + Math.floor(HAN_SIGNS * random() ** 2))),
  }
}

/** Each rank has a word of its own: its digits in base 20, written in syllables. */
function wordAt(rank: number): string {
  let word = ''
  for (let rest = rank + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    word += SYLLABLES[rest % SYLLABLES.length] ?? ''
  }
  return word
}
