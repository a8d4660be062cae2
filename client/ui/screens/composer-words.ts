import type { Link } from '../../stores/connection-store.ts'
import type { RuleWords } from '../components/composer.ts'

export type RuleState = {
  readonly isEditing: boolean
  /** An answer is being written, and there is a keyboard whose escape key stops it. */
  readonly doesEscapeStop: boolean
  readonly link: Link
}

/** What is going on, for the left end of the composer's rule. */
export function statusWords(state: RuleState): RuleWords {
  if (state.isEditing) return { words: 'edit: makes a branch', tone: 'bright' }
  if (state.link.state === 'offline') return { words: 'offline: will queue', tone: 'warn' }
  if (isDown(state.link)) return { words: 'pi silent: will queue', tone: 'warn' }
  return { words: state.doesEscapeStop ? 'esc stops' : '', tone: '' }
}

/** True where a prompt would wait on this device until the server answers. */
export function isDown(link: Link): boolean {
  return link.state === 'offline' || link.state === 'silent' || link.state === 'broken' || link.state === 'log-in'
}
