import type { Act } from '#shared/commands/key-map.ts'
import { switchVariant } from '../actions/switch-variant.ts'
import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import type { KeyTargets } from './keyboard.ts'
import { turnItems } from './turn-items.ts'

type TurnAt = { readonly turn: Turn; readonly item: HTMLElement; readonly index: number; readonly hasFocus: boolean }

/** The turn that has the focus, else the last one; null in a chat without any. */
export function turnAt(app: App, log: HTMLElement): TurnAt | null {
  const items = turnItems(log)
  const focused = items.findIndex(item => item.contains(document.activeElement))
  const index = focused === -1 ? items.length - 1 : focused
  const [turn, item] = [app.chat.turns.peek()[index], items[index]]
  return turn === undefined || item === undefined ? null : { turn, item, index, hasFocus: focused !== -1 }
}

/** The last code of the turn that has the focus, else of all that is shown. */
export function lastCode(log: HTMLElement): string | null {
  const turn = turnItems(log).find(item => item.contains(document.activeElement))
  return [...(turn ?? log).querySelectorAll('pre')].at(-1)?.textContent ?? null
}

/** Moves among the turns. False for what is no such movement, or where there are no turns. */
export function moveInTurns(act: Act, app: App, { log, follower }: KeyTargets): boolean {
  const at = turnAt(app, log)
  if (at === null) return false
  const focus = (index: number): boolean => {
    const items = turnItems(log)
    const target = items[Math.max(0, Math.min(items.length - 1, index))]
    target?.focus({ preventScroll: true })
    target?.scrollIntoView({ block: 'start' })
    return true
  }
  switch (act) {
    case 'next-turn':
      return focus(at.hasFocus ? at.index + 1 : at.index)
    case 'previous-turn':
      return focus(at.hasFocus ? at.index - 1 : at.index)
    case 'first-turn':
      return focus(0)
    case 'last-turn':
      follower.toEnd()
      return true
    case 'details':
      at.item.querySelector<HTMLElement>('button.meta')?.click()
      return true
    case 'previous-variant':
    case 'next-variant':
      void switchVariant(app, at.turn, act === 'previous-variant' ? -1 : 1)
      return true
    default:
      return false
  }
}
