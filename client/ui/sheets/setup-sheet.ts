import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Health } from '../../api/parse.ts'
import { ENTER_KEYS, type Settings, TEXT_SIZES, THEMES } from '../../stores/settings-store.ts'
import { type Fact, factList } from '../components/facts.ts'
import { openSheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { type SyncPartOptions, syncPart } from './sync-part.ts'

export type SetupOptions = {
  readonly settings: ReadonlySignal<Settings>
  readonly health: ReadonlySignal<Health | null>
  readonly sync: SyncPartOptions
  onChange(part: Partial<Settings>): void
}

/** Setup: theme, text size, what Enter does, and which providers have a key. */
export function openSetupSheet(host: HTMLElement, options: SetupOptions): void {
  openSheet(host, { label: 'Setup', kind: 'tall' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close' }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    const settings = options.settings.peek()
    return [
      el('div', { class: 'sheet-in' }, glyph('⌂'), el('h2', { class: 'bright' }, 'setup'), close),
      el(
        'div',
        { class: 'scroll setup' },
        heading('look'),
        swatches(sheet.alive, settings, options),
        choice(sheet.alive, 'text size', TEXT_SIZES, settings.textSize, textSize => options.onChange({ textSize })),
        heading('typing'),
        choice(sheet.alive, 'enter key', ENTER_KEYS, settings.enterKey, enterKey => options.onChange({ enterKey })),
        el('p', { class: 'dim' }, 'auto: sends with a keyboard and mouse, makes a new line on a phone.'),
        syncPart(sheet.alive, options.sync),
        heading('providers'),
        factList(
          sheet.alive,
          computed(() => providerFacts(options.health.value)),
        ),
        el('p', { class: 'dim' }, 'Keys are read from the environment of the pi (.env). This page never sees them.'),
      ),
    ]
  })
}

function providerFacts(health: Health | null): readonly Fact[] {
  if (health === null) return [{ name: 'pi', value: 'no answer', tone: 'err' }]
  const providers = Object.entries(health.providers).map(([name, state]): Fact => {
    const isThere = state !== 'missing'
    return { name, value: isThere ? `✓ ${state}` : 'no key', tone: isThere ? 'ok' : 'warn' }
  })
  return [...providers, { name: 'version', value: health.version }]
}

function heading(words: string): HTMLElement {
  return el('h3', { class: 'rule' }, el('span', { class: 'name' }, words), el('i', { class: 'fill' }))
}

function swatches(alive: AbortSignal, settings: Settings, options: SetupOptions): HTMLElement {
  const group = el('div', { class: 'swatches', role: 'radiogroup', 'aria-label': 'Theme' })
  for (const theme of THEMES) {
    const input = el('input', { type: 'radio', name: 'theme', value: theme, checked: settings.theme === theme })
    on(alive, input, 'change', () => options.onChange({ theme }))
    group.append(
      el(
        'label',
        { class: 'swatch', 'data-theme': theme === 'auto' ? null : theme },
        input,
        el(
          'span',
          { class: 'swatch-band' },
          glyph('❯', 'acc'),
          ' hi ',
          el('i', { class: 'cursor', 'aria-hidden': 'true' }),
        ),
        el('span', { class: 'swatch-name' }, theme, glyph('✓', 'swatch-on')),
      ),
    )
  }
  return group
}

function choice<Value extends string>(
  alive: AbortSignal,
  label: string,
  values: readonly Value[],
  current: Value,
  onChange: (value: Value) => void,
): HTMLElement {
  const name = label.replace(' ', '-')
  const group = el('div', { class: 'seg', role: 'radiogroup', 'aria-label': label })
  for (const value of values) {
    const input = el('input', { type: 'radio', name, value, checked: value === current })
    on(alive, input, 'change', () => onChange(value))
    group.append(el('label', {}, input, value))
  }
  return el('div', { class: 'opt' }, el('span', {}, label), group)
}
