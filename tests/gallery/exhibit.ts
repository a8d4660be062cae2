/** A part of the interface and the states it can be in, each made anew by a function. */
export type Exhibit = {
  /** The files of `client/ui` that it shows: `components/turn`. */
  readonly parts: readonly string[]
  readonly states: Readonly<Record<string, (alive: AbortSignal) => HTMLElement>>
}

/** For keys that do nothing here. */
export const nothing = (): undefined => undefined

/** A sheet as it opens, in the place of the page. */
export function opened(open: (host: HTMLElement) => void): HTMLElement {
  const host = document.createElement('div')
  // A dialog opens only in a page.
  requestAnimationFrame(() => open(host))
  return host
}
