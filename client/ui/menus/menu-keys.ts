import type { Signal } from '@preact/signals-core'
import { type Act, actOf } from '#shared/commands/key-map.ts'
import { keyName } from '../key-name.ts'

/** What a key does in an open menu; null for a key that belongs to the text box. */
export function menuAct(event: KeyboardEvent): Act | null {
  if (event.isComposing) return null
  if (event.key === 'Tab' && !event.shiftKey) return 'complete'
  return actOf('menus', event.ctrlKey && !event.metaKey ? `ctrl+${event.key.toLowerCase()}` : keyName(event))
}

/** Moves the selection along the list, round its ends. `isUpward`: the first row is the lowest one. */
export function moveSelection(
  act: 'next-option' | 'previous-option',
  list: { readonly ids: readonly string[]; readonly selectedId: Signal<string | null>; readonly isUpward: boolean },
): void {
  const { ids, selectedId, isUpward } = list
  if (ids.length === 0) return
  const selected = selectedId.peek()
  const index = selected === null ? -1 : ids.indexOf(selected)
  const step = (act === 'next-option') === isUpward ? -1 : 1
  selectedId.value = ids[(index + step + ids.length) % ids.length] ?? null
}
