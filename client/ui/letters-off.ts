import type { App } from '../app.ts'

/** True for a key of one sign where those are switched off: a word spoken to the machine or a slip of the hand does nothing then. */
export function isLetterOff(app: App, key: string): boolean {
  return key.length === 1 && app.settings.settings.peek().letterKeys === 'off'
}
