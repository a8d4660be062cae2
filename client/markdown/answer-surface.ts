import { type MountedElement, mountElement, patchOrReplace } from './mount-view.ts'
import type { ViewElement } from './view-node.ts'

// A browser lays out every child of a changed parent: with one flat list the cost of a piece grows with the answer.
const BLOCKS_PER_SECTION = 60

/** The blocks of a message in the page, in sections that the browser may skip while they are out of sight. */
export interface AnswerSurface {
  /** Replaces the blocks from `index` on. */
  setTail(index: number, blocks: readonly ViewElement[]): void
  /** Changes one block in its place. */
  setBlock(index: number, block: ViewElement): void
  /** The notes below the text; null takes them away. */
  setNotes(notes: ViewElement | null): void
  blocks(): readonly MountedElement[]
  notes(): MountedElement | null
  /** Forgets what is mounted and leaves it in the page: a message that changes no more needs no record of itself. */
  settle(): void
  clear(): void
}

/** A surface that appends to `root` and leaves its other children alone. */
export function createAnswerSurface(root: HTMLElement): AnswerSurface {
  const page = root.ownerDocument
  const blocks: MountedElement[] = []
  const sections: HTMLElement[] = []
  let notes: MountedElement | null = null

  function sectionOf(index: number): HTMLElement {
    const at = Math.floor(index / BLOCKS_PER_SECTION)
    const known = sections[at]
    if (known !== undefined) return known
    const section = page.createElement('div')
    section.setAttribute('class', 'answer-section')
    sections[at] = section
    const before = sections[at - 1] ?? null
    if (before === null && notes === null) root.append(section)
    else if (before === null) notes?.dom.before(section)
    else before.after(section)
    return section
  }

  function setBlock(index: number, block: ViewElement): void {
    const mounted = blocks[index]
    if (mounted !== undefined) {
      blocks[index] = patchOrReplace(page, mounted, block)
      return
    }
    const fresh = mountElement(page, block)
    sectionOf(index).append(fresh.dom)
    blocks[index] = fresh
  }

  function setTail(index: number, tail: readonly ViewElement[]): void {
    for (const [offset, block] of tail.entries()) setBlock(index + offset, block)
    for (const gone of blocks.splice(index + tail.length)) gone.dom.remove()
    for (const gone of sections.splice(Math.ceil(blocks.length / BLOCKS_PER_SECTION))) gone.remove()
  }

  return {
    setTail,
    setBlock,
    setNotes(next) {
      if (next === null) {
        notes?.dom.remove()
        notes = null
      } else if (notes === null) {
        notes = mountElement(page, next)
        const last = sections.at(-1)
        if (last === undefined) root.append(notes.dom)
        else last.after(notes.dom)
      } else notes = patchOrReplace(page, notes, next)
    },
    blocks: () => blocks,
    notes: () => notes,
    settle() {
      blocks.length = 0
    },
    clear() {
      for (const section of sections) section.remove()
      notes?.dom.remove()
      notes = null
      blocks.length = 0
      sections.length = 0
    },
  }
}
