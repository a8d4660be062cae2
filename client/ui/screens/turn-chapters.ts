import type { ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { keyOfTurn, type Turn } from '../../stores/message-tree.ts'
import { keyedNodes, placeNodes } from '../dom/keyed-list.ts'
import { type Chapter, cutChapters } from './cut-chapters.ts'

export type TurnChaptersOptions = {
  readonly turns: ReadonlySignal<readonly Turn[]>
  createChapter(turns: readonly Turn[]): HTMLElement
  createTurn(alive: AbortSignal, turn: ReadonlySignal<Turn>): HTMLElement
}

/** Keeps the log equal to the turns, in chapters: a browser looks at each thing that it may skip in each frame, and at one chapter for all that is in it. */
export function turnChapters(alive: AbortSignal, log: HTMLElement, options: TurnChaptersOptions): void {
  const itemsOf = keyedNodes(alive, { keyOf: keyOfTurn, create: options.createTurn })
  const partsOf = keyedNodes<Chapter>(alive, {
    keyOf: chapter => chapter.key,
    create: (_, chapter) => options.createChapter(chapter.peek().turns),
  })
  let chapters: readonly Chapter[] = []
  watch(alive, options.turns, turns => {
    chapters = cutChapters(turns, chapters)
    const items = itemsOf(turns)
    const parts = partsOf(chapters)
    let from = 0
    for (const [index, part] of parts.entries()) {
      const to = from + (chapters[index]?.turns.length ?? 0)
      placeNodes(part, items.slice(from, to))
      from = to
    }
    placeNodes(log, parts)
  })
}
