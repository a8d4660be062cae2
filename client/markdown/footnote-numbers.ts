/** Numbers of footnotes in the order of their first calls, and how often each is called. */
export type FootnoteNumbers = {
  readonly idPrefix: string
  numberOf(label: string): number
  readonly labels: readonly string[]
  /** For each label, how many calls it has. */
  readonly counts: ReadonlyMap<string, number>
}

/** Numbers the calls of a message; `idPrefix` keeps its ids apart from those of other messages. */
export function numberFootnotes(calls: readonly string[], idPrefix: string): FootnoteNumbers {
  const counts = new Map<string, number>()
  for (const label of calls) counts.set(label, (counts.get(label) ?? 0) + 1)
  const labels = [...counts.keys()]
  const numbers = new Map(labels.map((label, index) => [label, index + 1]))
  return { idPrefix, labels, counts, numberOf: label => numbers.get(label) ?? 0 }
}
