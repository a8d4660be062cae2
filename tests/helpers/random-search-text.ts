const ATOMS = [
  'cat',
  'Category',
  'Café',
  'cafe\u0301',
  'naïve',
  'Straße',
  'Αθήνα',
  'ΑΘΗΝΑ',
  'λόγος',
  'Ёлка',
  'елка',
  'e2e',
  '42',
  '東京',
  '東',
  '京都',
  '日本語',
  'ไทย',
  'foo_bar',
  "don't",
  'AND',
  'wal',
  'mode',
  'walmode',
  'İzmir',
  'x',
] as const
const GAPS = [' ', ' ', ' ', '\n', ', ', '🤖', '—', '', '*', '"', ' - '] as const

export type Chance = () => number

/** One of the words that a random text is made of: scripts, cases and accents that are easy to get wrong. */
export function anyAtom(random: Chance): string {
  return pick(random, ATOMS)
}

export function anyText(random: Chance): string {
  const length = 1 + Math.floor(random() * 12)
  return Array.from({ length }, () => anyAtom(random) + pick(random, GAPS)).join('')
}

/** The words of a text by another way than any index's: no shared code. */
export function plainWords(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ς', 'σ')
  return plain.match(/[\p{sc=Han}\p{sc=Thai}]|[a-z0-9ßα-ωа-я]+/gu)?.filter(word => /[\p{L}\p{N}]/u.test(word)) ?? []
}

function pick(random: Chance, items: readonly string[]): string {
  return items[Math.floor(random() * items.length)] ?? ''
}
