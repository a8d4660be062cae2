import type { App } from '../app.ts'
import { reloadPage } from './reload-page.ts'

/** The versions that this tab has left because a part of them was gone. */
const LEFT = 'llmr-left'
const UNTOLD = 'llmr-left-untold'

/**
 * A part of this version that cannot be fetched any more means that the pi serves another: then the page is loaded anew, once.
 * Where the pi does not answer, or still serves this version, nothing is done here: who asked for the part says so.
 */
export async function rescuePage(app: App, script: string): Promise<void> {
  const { session, fetchPage } = app
  const left = session.get(LEFT)?.split(' ') ?? []
  if (left.includes(script) || !(await isGone(script, fetchPage))) return
  // Without a memory of it, this could go round in a circle.
  if (!session.set(LEFT, [...left, script].join(' '))) return
  session.set(UNTOLD, 'yes')
  await reloadPage(app, async () => undefined)
}

/** Says once, after the rescue, why the page was loaded anew. */
export function tellRescue({ session, notes }: App): void {
  if (session.get(UNTOLD) === null) return
  session.remove(UNTOLD)
  const text =
    'The pi runs a new version, and this page needed a part that only the new one has. What you wrote is kept.'
  notes.show({ id: 'update', tag: 'new version', tone: 'plain', text, action: null })
}

async function isGone(script: string, fetchPage: App['fetchPage']): Promise<boolean> {
  try {
    const response = await fetchPage()
    return response.ok && !(await response.text()).includes(script)
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
