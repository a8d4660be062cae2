import { computed } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import { GLOWS, TEXT_SIZES, THEMES } from '../../../stores/settings-store.ts'
import { choice } from '../../components/choice.ts'
import { pageSection } from '../../components/page-section.ts'
import { themeSwatches } from '../../components/theme-swatches.ts'
import { el } from '../../dom/element.ts'

/** Theme, text size, glow: how this device looks. */
export function lookSection(alive: AbortSignal, app: App): HTMLElement {
  const { settings, change } = app.settings
  return pageSection(
    { id: 'look', title: 'look', isFull: true },
    el(
      'div',
      { class: 'pad' },
      themeSwatches(alive, {
        themes: THEMES,
        current: computed(() => settings.value.theme),
        onChange: theme => change({ theme }),
      }),
      choice(alive, {
        label: 'text size',
        values: TEXT_SIZES,
        current: computed(() => settings.value.textSize),
        onChange: textSize => change({ textSize }),
      }),
      choice(alive, {
        label: 'tube glow',
        values: GLOWS,
        current: computed(() => settings.value.glow),
        onChange: glow => change({ glow }),
      }),
    ),
  )
}
