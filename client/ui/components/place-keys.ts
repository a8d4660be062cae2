import { on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type PlaceKeysOptions = { readonly here: string; onFind(): void }

/** The soft keys at the foot of each phone screen that is not a chat: where one can go, and a new chat. */
export function placeKeys(alive: AbortSignal, { here, onFind }: PlaceKeysOptions): HTMLElement {
  const find = el('button', { type: 'button', class: 'key' }, '/ find')
  on(alive, find, 'click', onFind)
  return el(
    'nav',
    { 'aria-label': 'Places', class: 'keys wide-no safe', 'data-even': true },
    ...PLACES.map(name =>
      el(
        'a',
        { class: 'key', href: `/${name}`, 'data-route': true, 'aria-current': name === here ? 'page' : null },
        name,
      ),
    ),
    find,
    el('a', { class: 'key', href: '/', 'data-route': true, 'data-kind': 'go' }, '+ new'),
  )
}

const PLACES = ['chats', 'usage', 'setup']
