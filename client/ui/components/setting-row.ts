import { computed, type ReadonlySignal } from '@preact/signals-core'
import { bindAttribute, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

export type SettingRowOptions = {
  readonly mark: ReadonlySignal<string>
  readonly title: ReadonlySignal<string>
  readonly end: ReadonlySignal<string>
  readonly sub: ReadonlySignal<string>
  /** The tone of the mark, and of an end that is not as it should be. */
  readonly tone?: ReadonlySignal<'ok' | 'warn' | 'err' | 'dim'>
  onOpen(): void
}

/** A row of setup that opens something: mark, title, what it is now, and a line more. */
export function settingRow(alive: AbortSignal, options: SettingRowOptions): HTMLElement {
  const mark = glyph('')
  const title = el('span', { class: 'row-title cut' })
  const end = el('span')
  const sub = el('span', { class: 'row-sub cut' })
  const toned = (part: string, tones: readonly string[]): ReadonlySignal<string> =>
    computed(() => [part, ...tones.filter(tone => tone === options.tone?.value)].join(' '))
  bindAttribute(alive, mark, 'class', toned('row-mark', ['ok', 'warn', 'err', 'dim']))
  bindAttribute(alive, end, 'class', toned('row-end num', ['warn', 'err']))
  bindText(alive, mark, options.mark)
  bindText(alive, title, options.title)
  bindText(alive, end, options.end)
  bindText(alive, sub, options.sub)
  const button = el(
    'button',
    { type: 'button', class: 'row-main', 'aria-haspopup': 'dialog' },
    mark,
    title,
    end,
    sub,
    glyph('›', 'row-go'),
  )
  on(alive, button, 'click', options.onOpen)
  return el('li', { class: 'row' }, button)
}
