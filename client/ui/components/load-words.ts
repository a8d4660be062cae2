import { failureText } from '../../api/outcome.ts'
import type { LoadState } from '../../stores/load-state.ts'

/** Why rows are not on the screen, in a sentence that begins with what is missing; empty while nothing needs to be said. */
export function loadWords(load: LoadState, what: string): string {
  switch (load.state) {
    case 'opening':
    case 'loading':
    case 'ready':
      return ''
    case 'failed':
      return `${what} were never copied to this device. ${failureText(load.failure)}`
    case 'closed':
      return closedWords(load.reason)
    default:
      return load satisfies never
  }
}

function closedWords(reason: Extract<LoadState, { state: 'closed' }>['reason']): string {
  switch (reason) {
    case 'silent':
      return 'The browser’s database does not answer. Close the other tabs of this page and reload.'
    case 'damaged':
      return 'The browser cannot read what it has stored here. What the pi has comes back.'
    case 'newer':
      return 'A newer version of this program has been here. Reload to get it; nothing is lost.'
    case 'code':
      return 'A part of this program could not be fetched. Reload when the pi answers.'
    default:
      return reason satisfies never
  }
}
