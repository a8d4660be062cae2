import { computed } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import { ENTER_KEYS, LETTER_KEYS } from '../../../stores/settings-store.ts'
import { choice } from '../../components/choice.ts'
import { pageSection } from '../../components/page-section.ts'
import { el } from '../../dom/element.ts'

/** What the keys do on this device. */
export function typingSection(alive: AbortSignal, app: App): HTMLElement {
  const { settings, change } = app.settings
  return pageSection(
    { id: 'typing', title: 'typing', isFull: true },
    el(
      'div',
      { class: 'pad' },
      choice(alive, {
        label: 'enter key',
        values: ENTER_KEYS,
        current: computed(() => settings.value.enterKey),
        onChange: enterKey => change({ enterKey }),
      }),
      el('p', { class: 'dim' }, 'auto: sends with a keyboard and mouse, makes a new line on a phone.'),
      choice(alive, {
        label: 'letter keys',
        values: LETTER_KEYS,
        current: computed(() => settings.value.letterKeys),
        onChange: letterKeys => change({ letterKeys }),
      }),
      el('p', { class: 'dim' }, 'off: single letters do nothing outside a text box. ctrl K, esc and arrows stay.'),
    ),
  )
}
