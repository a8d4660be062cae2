/** The step of the history that what lies over the page has for itself, and the one that it lies over. */
const [OVER, UNDER] = ['over', 'under']

/**
 * Gives what opens over the page a step of the history, so that going back closes it and leads nowhere else. Closed in another way
 * it leaves the step behind, for a history cannot be shortened: the next way takes its place, and going back passes over it.
 */
export function takeBackStep(alive: AbortSignal, { history, onBack }: { history: History; onBack(): void }): void {
  if (!isBackStep(history)) {
    history.replaceState(UNDER, '')
    history.pushState(OVER, '')
  }
  window.addEventListener('popstate', onBack, { signal: alive })
}

/** True while the history stands at a step that something over the page took. */
export function isBackStep(history: History): boolean {
  return history.state === OVER
}

/** True where the history stands at what something lay over. */
export function isUnderStep(history: History): boolean {
  return history.state === UNDER
}
