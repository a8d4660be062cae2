/**
 * Keeps `--keyboard` on the root at the height that the on-screen keyboard covers. Browsers that honour
 * `interactive-widget=resizes-content` report 0 here; iOS before 27.3 does not honour it.
 */
export function followKeyboard(alive: AbortSignal, root: HTMLElement): void {
  const viewport = window.visualViewport
  if (viewport === null) return
  const measure = (): void => {
    // Pinch zoom shrinks the visual viewport too; that is no keyboard.
    const covered = viewport.scale > 1.01 ? 0 : Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop)
    root.style.setProperty('--keyboard', `${Math.round(covered)}px`)
  }
  viewport.addEventListener('resize', measure, { signal: alive })
  viewport.addEventListener('scroll', measure, { signal: alive })
  measure()
}
