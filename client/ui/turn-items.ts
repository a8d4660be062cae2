/** The items of a log, each with one turn: they stand in chapters. */
export function turnItems(log: HTMLElement): readonly HTMLElement[] {
  return [...log.children].flatMap(chapter => [...chapter.children]).filter(item => item instanceof HTMLElement)
}

export function lastTurnItem(log: HTMLElement): HTMLElement | null {
  const item = log.lastElementChild?.lastElementChild
  return item instanceof HTMLElement ? item : null
}
