/** The height of the window in pixels, kept until it changes: a browser lays the whole page out before it says it. */
export function windowHeight(alive: AbortSignal): () => number {
  let px: number | null = null
  const forget = (): void => {
    px = null
  }
  window.addEventListener('resize', forget, { signal: alive })
  return () => {
    px ??= window.innerHeight
    return px
  }
}
