import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { type CompletedQuery, completeQuery, type FilterValues } from '#shared/search-completion.ts'
import { watch } from '../../signals/watch.ts'
import { optionElementId, optionList, type ShownOption } from '../components/option-list.ts'
import { bindAttribute, bindShown } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { menuAct, moveSelection } from './menu-keys.ts'

export type FindMenuOptions = {
  readonly input: HTMLInputElement
  /** What is looked for; null outside of a search. */
  readonly text: ReadonlySignal<string | null>
  readonly known: ReadonlySignal<FilterValues>
  onWrite(query: string): void
}

const LIST_ID = 'find-list'
const NOTHING: CompletedQuery = { options: [], isFilter: false }

/**
 * The filters that the find line may go on with, as a menu at the line. Tab takes the best one; arrows and enter belong to the
 * menu behind a colon alone, for before that the letters may be a word to look for.
 */
export function findMenu(alive: AbortSignal, { input, text, known, onWrite }: FindMenuOptions): HTMLElement {
  const dismissed = signal<string | null>(null)
  const found = computed(() =>
    text.value === null || text.value === dismissed.value ? NOTHING : completeQuery(text.value, known.value),
  )
  const selectedId = signal<string | null>(null)
  const isMoved = signal(false)
  const isOpen = computed(() => found.value.options.length > 0)
  watch(alive, found, ({ options }) => {
    // What is known may grow while somebody chooses.
    if (isMoved.peek() && options.some(({ query }) => query === selectedId.peek())) return
    selectedId.value = options[0]?.query ?? null
    isMoved.value = false
  })
  const take = (query: string): void => {
    onWrite(query)
    input.focus()
  }
  const list = optionList(alive, {
    id: LIST_ID,
    label: 'Filters',
    groups: computed(() => [{ name: '', options: found.value.options.map(shown) }]),
    selectedId,
    onChoose: take,
  })
  const menu = el('div', { class: 'find-menu' }, list)
  bindShown(alive, menu, isOpen)
  input.setAttribute('aria-autocomplete', 'list')
  bindAttribute(
    alive,
    input,
    'aria-controls',
    computed(() => (isOpen.value ? LIST_ID : null)),
  )
  bindAttribute(
    alive,
    input,
    'aria-activedescendant',
    computed(() => (isOpen.value && selectedId.value !== null ? optionElementId(LIST_ID, selectedId.value) : null)),
  )
  // Before the line itself hears of the key, which goes through the results.
  input.addEventListener(
    'keydown',
    event => {
      const act = isOpen.peek() ? menuAct(event) : null
      const { options, isFilter } = found.peek()
      const selected = selectedId.peek()
      if (act === 'complete' && selected !== null) take(selected)
      else if (isFilter && (act === 'next-option' || act === 'previous-option')) {
        moveSelection(act, { ids: options.map(({ query }) => query), selectedId, isUpward: isUpward(menu) })
        isMoved.value = true
      } else if (isFilter && isMoved.peek() && act === 'run-option' && selected !== null) take(selected)
      else if (isOpen.peek() && event.key === 'Escape') dismissed.value = text.peek()
      else return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    { signal: alive, capture: true },
  )
  return menu
}

/** Where the line stands at the foot of the screen, the first option lies on it. */
function isUpward(menu: HTMLElement): boolean {
  const options = menu.querySelector('.opts')
  return options !== null && getComputedStyle(options).flexDirection === 'column-reverse'
}

function shown({ title, summary, query }: CompletedQuery['options'][number]): ShownOption {
  return {
    id: query,
    mark: '',
    cells: [
      el('span', { class: 'row-title cut' }, title),
      el('span', { class: 'cut dim' }, summary),
      el('span', { class: 'end wide' }, 'tab'),
    ],
  }
}
