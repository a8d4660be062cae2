import type { AnswerSurface } from './answer-surface.ts'
import type { BlockDescriber } from './describe-block.ts'
import type { FootnoteDefinition } from './markdown-tree.ts'
import { walkElements } from './mount-view.ts'
import { type ViewElement, type ViewNode, view } from './view-node.ts'

/** The footnotes of a message: its definitions by label, and the labels of its calls in the order of the text. */
export type Footnotes = {
  readonly definitions: ReadonlyMap<string, FootnoteDefinition>
  readonly calls: readonly string[]
}

/** The list below the text, in the order of first calls, with a way back from each note; null when nothing is called. */
export function describeNotes(
  { definitions, calls }: Footnotes,
  describe: BlockDescriber,
  idPrefix: string,
): ViewElement | null {
  if (calls.length === 0) return null
  const counts = countCalls(calls)
  const items = [...counts].map(([label, count], index) => {
    const blocks = (definitions.get(label)?.children ?? []).map(describe)
    const ways = Array.from({ length: count }, (_, occurrence) => wayBack(idPrefix, index + 1, occurrence + 1))
    return view('li', { id: `${idPrefix}-note-${index + 1}` }, withWays(blocks, ways))
  })
  return view('ol', { class: 'sources', 'aria-label': 'Sources' }, items)
}

/** Writes the number, the address and the id of each call on the surface. */
export function numberCalls(
  surface: Pick<AnswerSurface, 'blocks' | 'notes'>,
  calls: readonly string[],
  idPrefix: string,
): void {
  if (calls.length === 0) return
  const notes = surface.notes()
  const mounted = notes === null ? surface.blocks() : [...surface.blocks(), notes]
  const numbers = new Map([...countCalls(calls).keys()].map((label, index) => [label, index + 1]))
  const seen = new Map<string, number>()
  for (const top of mounted) {
    for (const { value, dom } of walkElements(top)) {
      if (value.call === undefined) continue
      const number = numbers.get(value.call) ?? 0
      const occurrence = (seen.get(value.call) ?? 0) + 1
      seen.set(value.call, occurrence)
      writeOnce(dom, 'href', `#${idPrefix}-note-${number}`)
      writeOnce(dom, 'id', `${idPrefix}-call-${number}-${occurrence}`)
      if (dom.textContent !== `[${number}]`) dom.textContent = `[${number}]`
    }
  }
}

function countCalls(calls: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const label of calls) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

function wayBack(idPrefix: string, number: number, occurrence: number): ViewNode {
  const which = occurrence === 1 ? String(number) : `${number}-${occurrence}`
  return view(
    'a',
    { class: 'cite', href: `#${idPrefix}-call-${number}-${occurrence}`, 'aria-label': `Back to reference ${which}` },
    ['↩'],
  )
}

/** The ways back stand at the end of the note's last paragraph, or below when it ends with something else. */
function withWays(blocks: readonly ViewElement[], ways: readonly ViewNode[]): readonly ViewElement[] {
  const spaced = ways.flatMap(way => [' ', way])
  const last = blocks.at(-1)
  if (last?.tag !== 'p' || last.attributes.class !== undefined) return [...blocks, view('p', {}, ways)]
  return [...blocks.slice(0, -1), { ...last, children: [...last.children, ...spaced] }]
}

function writeOnce(dom: Element, name: string, value: string): void {
  if (dom.getAttribute(name) !== value) dom.setAttribute(name, value)
}
