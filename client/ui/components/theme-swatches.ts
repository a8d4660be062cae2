import type { ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import type { Settings } from '../../stores/settings-store.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

type Theme = Settings['theme']

export type ThemeSwatchesOptions = {
  readonly themes: readonly Theme[]
  readonly current: ReadonlySignal<Theme>
  onChange(theme: Theme): void
}

const NAMES: Readonly<Record<Theme, string>> = {
  auto: 'auto',
  green: 'green p1',
  amber: 'amber p3',
  paper: 'paper',
  night: 'night',
  contrast: 'contrast',
}

/** The themes as small live terminals, to choose one of. */
export function themeSwatches(alive: AbortSignal, options: ThemeSwatchesOptions): HTMLElement {
  const group = el('div', { class: 'swatches', role: 'radiogroup', 'aria-label': 'theme' })
  for (const theme of options.themes) {
    const input = el('input', { type: 'radio', name: 'theme', value: theme, 'aria-label': NAMES[theme] })
    watch(alive, options.current, now => {
      input.checked = now === theme
    })
    on(alive, input, 'change', () => options.onChange(theme))
    group.append(theme === 'auto' ? dayAndNight(input) : terminal(theme, input))
  }
  return group
}

function terminal(theme: Exclude<Theme, 'auto'>, input: HTMLElement): HTMLElement {
  return el(
    'label',
    { class: 'swatch', 'data-theme': theme },
    input,
    el('span', { class: 'swatch-line swatch-band' }, glyph('❯', 'acc'), ' hi ', el('i', { class: 'cursor' })),
    el('span', { class: 'swatch-line' }, ...sample(theme)),
    el('span', { class: 'swatch-line dim' }, '$0.0091 · 6s'),
    el('span', { class: 'swatch-name' }, NAMES[theme], glyph('✓', 'swatch-on')),
  )
}

function sample(theme: Exclude<Theme, 'auto'>): readonly (Node | string)[] {
  switch (theme) {
    case 'green':
    case 'amber':
      return ['one phosphor']
    case 'paper':
      return ['green-bar']
    case 'contrast':
      return ['black, white']
    case 'night': {
      const tones = ['warn', 'info', 'err', 'ok', 'syn-str', 'syn-key']
      return ['sixteen ', ...tones.map((tone, index) => el('span', { class: tone }, 'colour'.charAt(index)))]
    }
    default:
      return theme satisfies never
  }
}

function dayAndNight(input: HTMLElement): HTMLElement {
  const half = (theme: Theme, time: string, name: Node): HTMLElement =>
    el(
      'span',
      { 'data-theme': theme },
      el('span', { class: 'swatch-line swatch-band' }, glyph('❯', 'acc'), ` ${time}`),
      el('span', { class: 'swatch-line' }, theme),
      el('span', { class: 'swatch-line' }),
      el('span', { class: 'swatch-name' }, name),
    )
  return el(
    'label',
    { class: 'swatch swatch-two' },
    input,
    half('paper', 'day', el('span', {}, NAMES.auto)),
    half('green', 'night', glyph('✓', 'swatch-on')),
  )
}
