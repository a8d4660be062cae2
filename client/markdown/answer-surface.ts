import { type MountedElement, mountElement, patchOrReplace } from './mount-view.ts'
import type { ViewElement } from './view-node.ts'

// A browser visits every child of a changed parent, and paints and hit-tests all that stands near the screen: with one flat list
// the cost of a piece grows with the answer. It also looks at every section in each frame: so sections stand in chapters.
const BLOCKS_PER_SECTION = 8
const SECTIONS_PER_CHAPTER = 8

/** The blocks of a message in the page, in sections and chapters that the browser may skip while they are out of sight. */
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
  const chapters: HTMLElement[] = []
  let notes: MountedElement | null = null

  function sectionOf(index: number): HTMLElement {
    const at = Math.floor(index / BLOCKS_PER_SECTION)
    const known = sections[at]
    if (known !== undefined) return known
    const section = box('answer-section')
    sections[at] = section
    chapterOf(at).append(section)
    return section
  }

  function chapterOf(sectionIndex: number): HTMLElement {
    const at = Math.floor(sectionIndex / SECTIONS_PER_CHAPTER)
    const known = chapters[at]
    if (known !== undefined) return known
    const chapter = box('answer-chapter')
    chapters[at] = chapter
    const before = chapters[at - 1] ?? null
    if (before !== null) before.after(chapter)
    else if (notes === null) root.append(chapter)
    else notes.dom.before(chapter)
    return chapter
  }

  function box(name: string): HTMLElement {
    const element = page.createElement('div')
    element.setAttribute('class', name)
    return element
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
    for (const gone of chapters.splice(Math.ceil(sections.length / SECTIONS_PER_CHAPTER))) gone.remove()
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
        const last = chapters.at(-1)
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
      for (const chapter of chapters) chapter.remove()
      notes?.dom.remove()
      notes = null
      blocks.length = 0
      sections.length = 0
      chapters.length = 0
    },
  }
}
