import type { Section } from './manual-sections.ts'

export type SectionFinder = (question: string) => Section | null

type Indexed = {
  readonly section: Section
  readonly title: ReadonlySet<string>
  readonly body: ReadonlyMap<string, number>
}

/** A question is answered only if the section knows this much of it, by weight of its words. */
const LEAST_COVERAGE = 0.5
const TITLE_WEIGHT = 3
const ENDINGS = /(ations?|ings?|ers?|ed|es|ly|s|e)$/
const WORD = /[\p{L}\p{N}]+/gu
const STOP_WORDS = new Set(
  (
    'a about all also am an and any are as at be been but by can could did do does for from get give had has have he hello hi ' +
    'how i if in into is it its just may me mean much my no not of on or our please shall should show so some tell than thanks ' +
    'that the their them then there these they this to us use using want was we were what when where which who why will with work ' +
    'would you your'
  ).split(' '),
)

/**
 * Finds the section that fits a question best: rare words weigh more than common ones, words of a heading more than words of
 * the text. Null when no section knows at least half of what was asked, by weight.
 */
export function createSectionFinder(sections: readonly Section[]): SectionFinder {
  const indexed = sections.map(indexSection)
  const rarity = (stem: string): number => {
    const known = indexed.filter(({ title, body }) => title.has(stem) || body.has(stem)).length
    // A word that no section knows weighs as much as one that a single section does.
    return Math.log(1 + sections.length / Math.max(1, known))
  }
  return question => {
    const stems = [...new Set(stemsOf(question))].map(stem => ({ stem, weight: rarity(stem) }))
    const total = stems.reduce((sum, { weight }) => sum + weight, 0)
    let best: { section: Section; score: number } | null = null
    for (const candidate of indexed) {
      const known = stems.filter(({ stem }) => candidate.title.has(stem) || candidate.body.has(stem))
      const coverage = known.reduce((sum, { weight }) => sum + weight, 0) / total
      if (!(coverage >= LEAST_COVERAGE)) continue
      const score = known.reduce((sum, { stem, weight }) => sum + weight * closeness(candidate, stem), 0)
      const weighed = score * coverage
      if (weighed > (best?.score ?? 0)) best = { section: candidate.section, score: weighed }
    }
    return best?.section ?? null
  }
}

/** Saturates: a section that says a word ten times is hardly better than one that says it three times. */
function closeness({ title, body }: Indexed, stem: string): number {
  const times = body.get(stem) ?? 0
  return (title.has(stem) ? TITLE_WEIGHT : 0) + times / (times + 1.5)
}

function indexSection(section: Section): Indexed {
  const body = new Map<string, number>()
  for (const stem of stemsOf(section.text)) body.set(stem, (body.get(stem) ?? 0) + 1)
  return { section, title: new Set(stemsOf(section.title)), body }
}

function stemsOf(text: string): readonly string[] {
  const words = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(WORD) ?? []
  return words.filter(word => !STOP_WORDS.has(word)).map(stem)
}

/** `stopping`, `stopped` and `stops` → `stop`: enough to match a question with a manual, no more. */
function stem(word: string): string {
  const cut = word.replace(ENDINGS, '')
  if (cut.length < 3) return word
  return cut.replace(/([b-df-hj-np-tv-z])\1$/, '$1')
}
