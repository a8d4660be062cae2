import type { CompiledPart, FootnoteDefinition, LinkDefinition } from './markdown-tree.ts'

/** What a message defines. The first definition of a label counts, in the order of the text. */
export type Labels = {
  readonly links: ReadonlyMap<string, LinkDefinition>
  readonly footnotes: ReadonlyMap<string, FootnoteDefinition>
}

/** What the parts define together. */
export function collectLabels(known: Labels, part: Pick<CompiledPart, 'definitions' | 'footnotes'>): Labels {
  if (part.definitions.length === 0 && part.footnotes.length === 0) return known
  const links = new Map(part.definitions.toReversed().map(definition => [definition.label, definition]))
  const footnotes = new Map(part.footnotes.toReversed().map(footnote => [footnote.label, footnote]))
  return { links: new Map([...links, ...known.links]), footnotes: new Map([...footnotes, ...known.footnotes]) }
}

/** Labels in the form of `asked` whose meaning differs: links by what they say, footnotes by whether they are there. */
export function changedLabels(before: Labels, after: Labels): readonly string[] {
  if (before === after) return []
  const links = [...new Set([...before.links.keys(), ...after.links.keys()])].filter(label => {
    const [old, now] = [before.links.get(label), after.links.get(label)]
    return old !== now && (old?.url !== now?.url || old?.title !== now?.title || old === undefined || now === undefined)
  })
  const footnotes = [...new Set([...before.footnotes.keys(), ...after.footnotes.keys()])].filter(
    label => before.footnotes.has(label) !== after.footnotes.has(label),
  )
  return [...links, ...footnotes.map(label => `^${label}`)]
}

/** Of the labels asked for, those that are defined, as a piece takes them. */
export function answersFor(
  asked: Iterable<string>,
  labels: Labels,
): { readonly definitions: readonly LinkDefinition[]; readonly footnotes: readonly string[] } {
  const definitions: LinkDefinition[] = []
  const footnotes: string[] = []
  for (const label of asked) {
    const definition = labels.links.get(label)
    if (definition !== undefined) definitions.push(definition)
    if (label.startsWith('^') && labels.footnotes.has(label.slice(1))) footnotes.push(label.slice(1))
  }
  return { definitions, footnotes }
}
