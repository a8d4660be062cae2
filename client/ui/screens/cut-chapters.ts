import { keyOfTurn, type Turn } from '../../stores/message-tree.ts'

/** Some turns that stand together in the page. */
export type Chapter = {
  /** The key of the turn that it began with. */
  readonly key: string
  readonly turns: readonly Turn[]
}

const MOST_TURNS = 25

/** Cuts a chat into chapters. What stood in one before stays in it, whatever came before it or after it meanwhile. */
export function cutChapters(turns: readonly Turn[], before: readonly Chapter[]): readonly Chapter[] {
  const begun = new Set(before.map(({ key }) => key))
  const keys = turns.map(keyOfTurn)
  const known = Math.max(
    0,
    keys.findIndex(key => begun.has(key)),
  )
  const chapters: { readonly key: string; readonly turns: Turn[] }[] = []
  for (const [index, turn] of turns.entries()) {
    const key = keys[index] ?? ''
    const last = chapters.at(-1)
    // Older turns are counted from those that were here upwards.
    const isCut = index < known ? (known - index) % MOST_TURNS === 0 : begun.has(key)
    if (last === undefined || isCut || last.turns.length === MOST_TURNS) chapters.push({ key, turns: [turn] })
    else last.turns.push(turn)
  }
  return chapters
}
