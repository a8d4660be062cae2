import type { App } from '../../app.ts'

/** Does what needs a part of this program that is fetched when it is first wanted; a note says when that could not be. */
export function fetchPart(app: App, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    // What is no failure to fetch is a mistake, and is told as one.
    if (!(error instanceof TypeError)) reportError(error)
    const text = 'This part of the page could not be fetched. It comes when the pi answers again.'
    app.notes.show({ id: 'sheet', tag: 'not here', tone: 'warn', text, action: null })
  })
}
