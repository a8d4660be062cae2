import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { changeSharedSetting } from '../../../actions/change-shared-setting.ts'
import { failureText } from '../../../api/outcome.ts'
import type { SeenDevice } from '../../../api/parse.ts'
import type { App } from '../../../app.ts'
import { switched } from '../../../signals/switched.ts'
import { watch } from '../../../signals/watch.ts'
import { deviceName, deviceNameSetting } from '../../../usage/device-names.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindShown, bindText, on } from '../../dom/bind.ts'
import { el, glyph } from '../../dom/element.ts'
import { keyedList } from '../../dom/keyed-list.ts'
import { formatWhen } from '../../format.ts'

const NOTHING: ReadonlySignal<null> = signal(null)

type Listed = { readonly id: string; readonly name: string; readonly end: string; readonly isOwn: boolean }

/** The devices that sync with this server, and the name of this one. */
export function devicesSection(alive: AbortSignal, app: App): HTMLElement {
  const ownId = switched(alive, app.device, (life, state) => (state.state === 'open' ? state.device.id(life) : NOTHING))
  const seen = signal<readonly SeenDevice[]>([])
  const problem = signal('')
  const fetchDevices = async (): Promise<void> => {
    const answer = await app.endpoints.devices()
    if (answer.ok) seen.value = answer.value
    problem.value = answer.ok ? '' : `Only the names this device knows. ${failureText(answer.failure)}`
  }
  void fetchDevices()
  const devices = computed<readonly Listed[]>(() => listed(app, { seen: seen.value, ownId: ownId.value }))
  const rows = el('ul', { class: 'set' })
  keyedList(alive, rows, { items: devices, keyOf: ({ id }) => id, create: deviceRow })
  const words = el('p', { class: 'dim', role: 'status' })
  bindText(alive, words, problem)
  bindShown(
    alive,
    words,
    computed(() => problem.value !== ''),
  )
  const end = el('span', { class: 'num' })
  bindText(
    alive,
    end,
    computed(() => String(devices.value.length)),
  )
  return pageSection(
    { id: 'devices', title: 'devices', end },
    rows,
    el('div', { class: 'pad' }, words, nameField(alive, app, ownId)),
  )
}

function listed(app: App, { seen, ownId }: { readonly seen: readonly SeenDevice[]; readonly ownId: string | null }) {
  const settings = app.shared.value.byName
  const prefix = deviceNameSetting('')
  const named = [...settings.keys()].filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
  const ids = new Set([...(ownId === null ? [] : [ownId]), ...seen.map(({ id }) => id), ...named])
  return [...ids].map(id => {
    const seenAt = seen.find(device => device.id === id)?.seen_at ?? null
    const isOwn = id === ownId
    const end = isOwn ? 'this one' : seenAt === null ? '' : `seen ${formatWhen(seenAt, app.nowMs.value)}`
    return { id, name: deviceName(id, { settings, ownId }), end, isOwn }
  })
}

function deviceRow(alive: AbortSignal, device: ReadonlySignal<Listed>): HTMLElement {
  const name = el('span', { class: 'row-title cut' })
  const end = el('span', { class: 'row-end num' })
  const mark = glyph('', 'row-mark ok')
  watch(alive, device, now => {
    name.textContent = now.name
    end.textContent = now.end
    mark.textContent = now.isOwn ? '●' : ' '
  })
  return el('li', { class: 'row' }, el('div', { class: 'row-main' }, mark, name, end))
}

function nameField(alive: AbortSignal, app: App, ownId: ReadonlySignal<string | null>): HTMLElement {
  const input = el('input', {
    class: 'field limit-field name-field',
    maxlength: 60,
    autocomplete: 'off',
    placeholder: 'kitchen phone',
  })
  const known = computed(() =>
    ownId.value === null ? '' : app.shared.value.byName.get(deviceNameSetting(ownId.value)),
  )
  watch(alive, known, name => {
    if (document.activeElement !== input) input.value = typeof name === 'string' ? name : ''
  })
  on(alive, input, 'change', () => {
    const id = ownId.peek()
    if (id !== null) void changeSharedSetting(app, deviceNameSetting(id), () => input.value.trim())
  })
  return el('label', { class: 'opt' }, el('span', {}, 'name of this one'), input)
}
