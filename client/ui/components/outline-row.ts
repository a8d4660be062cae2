import '../../styles/tree.css'
import type { OutlineRow } from '../../stores/chat-outline.ts'
import { el } from '../dom/element.ts'
import { shortModel } from '../format.ts'

/** A line of a chat's outline, as the button that goes there. */
export function outlineButton(row: OutlineRow): HTMLButtonElement {
  const { message, isShown, place } = row
  const button = el(
    'button',
    { type: 'button', class: 'tree-row', 'data-id': message.id, 'aria-current': isShown ? 'true' : null },
    el('span', { class: 'tree-lines', 'aria-hidden': 'true' }, ...linesOf(row)),
    el('span', { class: 'cut' }, outlineWords(row)),
  )
  const [index, of] = place
  if (of > 1) button.append(el('span', { class: 'sr' }, `, branch ${index} of ${of}`))
  return button
}

/** What a line says of its message. */
export function outlineWords({ message }: OutlineRow): string {
  const start = message.content.slice(0, 120).replace(/\s+/g, ' ').trim()
  return message.role === 'assistant' ? `${shortModel(message.model)}: ${start || message.status}` : start
}

/** `│ ├─●`, drawn as high as the line is. */
function linesOf({ rails, fork, isShown }: OutlineRow): readonly HTMLElement[] {
  const lines = [...rails.map(goesOn => (goesOn ? 'through' : 'none')), ...(fork === 'none' ? [] : [fork])]
  return [...lines.map(line => el('i', { 'data-line': line })), el('span', {}, isShown ? '●' : '○')]
}
