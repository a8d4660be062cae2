import { copyToClipboard } from '../actions/copy-to-clipboard.ts'
import { editPrompt } from '../actions/edit-prompt.ts'
import { retryAnswer } from '../actions/retry-answer.ts'
import { switchVariant } from '../actions/switch-variant.ts'
import type { App } from '../app.ts'
import type { KeyTargets } from './keyboard.ts'

/** The keys that act on one turn: the focused one, else the last. True when the key was one of them. */
export function turnKey(key: string, app: App, targets: KeyTargets): boolean {
  const items = [...targets.log.children].filter(item => item instanceof HTMLElement)
  const focused = items.findIndex(item => item.contains(document.activeElement))
  const index = focused === -1 ? items.length - 1 : focused
  const turn = app.chat.turns.peek()[index]
  const item = items[index]
  if (turn === undefined || item === undefined) return false
  const move = (to: number): boolean => {
    const target = items[Math.max(0, Math.min(items.length - 1, to))]
    target?.focus({ preventScroll: true })
    target?.scrollIntoView({ block: 'start' })
    return true
  }
  switch (key) {
    case 'j':
      return move(focused === -1 ? index : index + 1)
    case 'k':
      return move(focused === -1 ? index : index - 1)
    case 'g':
      return move(0)
    case 'G':
      targets.follower.toEnd()
      return true
    case 'c':
      if (turn.answer !== null) void copyToClipboard(app, turn.answer.content)
      return true
    case 'r':
      void retryAnswer(app, turn)
      return true
    case 'R':
      targets.sheets.openModels(model => void retryAnswer(app, turn, model))
      return true
    case 'e':
      editPrompt(app, turn)
      targets.composer.focus()
      return true
    case 'o':
      item.querySelector<HTMLElement>('button.meta')?.click()
      return true
    case '[':
    case ']':
      void switchVariant(app, turn, key === '[' ? -1 : 1)
      return true
    default:
      return false
  }
}
