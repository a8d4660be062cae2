import type { App } from '../app.ts'
import type { Turn } from '../stores/message-tree.ts'
import { showMessage } from './show-message.ts'

/** Shows the next (+1) or previous (-1) way this turn was asked or answered, with what followed it last. */
export async function switchVariant(app: App, turn: Turn, step: 1 | -1): Promise<void> {
  const target = turn.variants[turn.variant + step]
  if (target !== undefined) await showMessage(app, target)
}
