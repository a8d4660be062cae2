import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Model } from '#shared/models.ts'
import { isNarrowScreen } from '../../platform/narrow-screen.ts'
import { watch } from '../../signals/watch.ts'
import { openSheet } from '../components/sheet.ts'
import { bindAttribute, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { formatPrice, formatTokens, shortModel } from '../format.ts'
import { modelGroups, unlistedModel } from './model-options.ts'

export type ModelPickerOptions = {
  readonly models: ReadonlySignal<readonly Model[]>
  readonly currentId: string | null
  /** Why the list is empty or short: loading, or the failure in words. */
  readonly status: ReadonlySignal<string>
  onChoose(modelId: string): void
}

type Picker = {
  readonly filter: Signal<string>
  readonly selectedId: Signal<string | null>
  /** The ids in the order of the list. */
  readonly ids: ReadonlySignal<readonly string[]>
  choose(modelId: string): void
}

/** The model picker: typing filters, arrows move, Enter takes; best match next to the prompt. */
export function openModelPicker(host: HTMLElement, options: ModelPickerOptions): void {
  openSheet(host, { label: 'Model', kind: 'upward' }, sheet => {
    const filter = signal('')
    const selectedId = signal<string | null>(options.currentId)
    const unlisted = computed(() => unlistedModel(options.models.value, filter.value))
    const groups = computed(() => modelGroups(options.models.value, filter.value))
    const ids = computed(() => [
      ...groups.value.flatMap(group => group.models.map(model => model.id)),
      ...(unlisted.value === null ? [] : [unlisted.value]),
    ])
    const choose = (modelId: string): void => {
      sheet.close()
      options.onChoose(modelId)
    }
    const picker: Picker = { filter, selectedId, ids, choose }
    watch(sheet.alive, ids, list => {
      const current = selectedId.peek()
      if (current === null || !list.includes(current)) selectedId.value = list[0] ?? null
    })
    const list = el('div', { class: 'groups', role: 'listbox', id: 'model-list', 'aria-label': 'Models' })
    watch(sheet.alive, groups, all => {
      list.replaceChildren(
        ...all.map(group => groupOf(sheet.alive, group.provider, group.models.map(modelRow), picker)),
        ...(unlisted.peek() === null ? [] : [groupOf(sheet.alive, 'not listed', [unlistedRow(filter.peek())], picker)]),
      )
    })
    const status = el('p', { class: 'sheet-status', role: 'status' })
    bindText(
      sheet.alive,
      status,
      computed(() => (ids.value.length > 0 ? '' : options.status.value)),
    )
    return [
      filterLine(sheet.alive, picker),
      el('div', { class: 'scroll', tabindex: 0 }, list, status),
      el(
        'div',
        { class: 'hint' },
        el('span', {}, '↑ ↓ move'),
        el('span', {}, '↵ this chat'),
        el('span', {}, 'esc close'),
      ),
    ]
  })
}

function filterLine(alive: AbortSignal, picker: Picker): HTMLElement {
  const input = el('input', {
    class: 'field',
    role: 'combobox',
    'aria-label': 'Filter models',
    'aria-expanded': 'true',
    'aria-controls': 'model-list',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
    placeholder: '\u00a0filter models',
    autofocus: true,
  })
  on(alive, input, 'input', () => {
    picker.filter.value = input.value
    picker.selectedId.value = picker.ids.peek()[0] ?? null
  })
  on(alive, input, 'keydown', event => moveByKey(event, picker))
  bindAttribute(
    alive,
    input,
    'aria-activedescendant',
    computed(() => (picker.selectedId.value === null ? null : optionId(picker.selectedId.value))),
  )
  return el('div', { class: 'sheet-in' }, glyph('❯'), input, el('span', { class: 'count num' }, '$ per M, in/out'))
}

function moveByKey(event: KeyboardEvent, picker: Picker): void {
  const step = stepOf(event)
  const list = picker.ids.peek()
  const selected = picker.selectedId.peek()
  if (event.key === 'Enter' && selected !== null && !event.isComposing) {
    event.preventDefault()
    picker.choose(selected)
    return
  }
  if (step === 0 || list.length === 0) return
  event.preventDefault()
  // On the phone the list grows upwards from the prompt, so its first row is the lowest one.
  const isUpward = isNarrowScreen()
  const index = selected === null ? -1 : list.indexOf(selected)
  picker.selectedId.value = list[(index + (isUpward ? -step : step) + list.length) % list.length] ?? null
}

function stepOf(event: KeyboardEvent): 1 | -1 | 0 {
  if (event.key === 'ArrowDown' || (event.ctrlKey && event.key === 'n')) return 1
  if (event.key === 'ArrowUp' || (event.ctrlKey && event.key === 'p')) return -1
  return 0
}

type Row = { readonly id: string; readonly name: string; readonly context: string; readonly price: string }

function modelRow(model: Model): Row {
  const context = model.context_window === null ? '' : formatTokens(model.context_window)
  const { price } = model
  const isFree = price !== null && price.input === 0 && price.output === 0
  const words =
    price === null ? 'unpriced' : isFree ? 'free' : `${formatPrice(price.input)} / ${formatPrice(price.output)}`
  return { id: model.id, name: shortModel(model.id), context, price: words }
}

function unlistedRow(filter: string): Row {
  return { id: filter.trim(), name: `try ${filter.trim()}`, context: '', price: 'unpriced' }
}

function groupOf(alive: AbortSignal, name: string, rows: readonly Row[], picker: Picker): HTMLElement {
  const options = rows.map(row => {
    const option = el(
      'li',
      { class: 'row', role: 'option', id: optionId(row.id) },
      el(
        'span',
        { class: 'row-main' },
        glyph('●', 'row-mark ok'),
        el('span', { class: 'row-title whole' }, row.name),
        el('span', { class: 'end num' }, row.context),
        el('span', { class: 'end num' }, row.price),
      ),
    )
    on(alive, option, 'click', () => picker.choose(row.id))
    const isSelected = computed(() => picker.selectedId.value === row.id)
    watch(alive, isSelected, selected => {
      option.setAttribute('aria-selected', String(selected))
      if (selected) option.scrollIntoView({ block: 'nearest' })
    })
    return option
  })
  const title = el(
    'div',
    { class: 'rule', 'aria-hidden': 'true' },
    el('span', { class: 'name' }, name),
    el('i', { class: 'fill' }),
  )
  return el(
    'div',
    { class: 'group', role: 'group', 'aria-label': name },
    title,
    el('ul', { class: 'opts', role: 'presentation' }, ...options),
  )
}

function optionId(modelId: string): string {
  return `model-${modelId.replace(/[^\w-]/g, '_')}`
}
