import { type ReadonlySignal, signal } from '@preact/signals-core'

const NARROW_REM = 45

/** True where the screen shows one pane. Not by a media query: those do not know the page's own text size, by which the style sheets count. */
export function isNarrowScreen(): boolean {
  const { fontSize } = getComputedStyle(document.documentElement)
  return window.innerWidth < NARROW_REM * Number.parseFloat(fontSize)
}

/** The same as it changes, with the window and with the text size. */
export function narrowScreen(alive: AbortSignal): ReadonlySignal<boolean> {
  const isNarrow = signal(isNarrowScreen())
  const measure = (): void => {
    isNarrow.value = isNarrowScreen()
  }
  window.addEventListener('resize', measure, { signal: alive })
  const look = new MutationObserver(measure)
  look.observe(document.documentElement, { attributeFilter: ['data-text-size'] })
  alive.addEventListener('abort', () => look.disconnect(), { once: true })
  return isNarrow
}
