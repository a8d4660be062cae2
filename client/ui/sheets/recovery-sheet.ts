import { signal } from '@preact/signals-core'
import { openSheet } from '../components/sheet.ts'
import { bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

export type RecoveryOptions = {
  /** Why it cannot be opened, in a sentence. */
  readonly reason: string
  /** Makes the file of what only this device has; `note` says what is in it. */
  readonly rescue: () => Promise<{ readonly file: Blob; readonly name: string; readonly note: string }>
  /** Deletes the data of this device. False when that cannot be done now. */
  readonly startOver: () => Promise<boolean>
  readonly reload: () => void
}

const HELD = 'The browser does not let go of it. Close the other tabs of this page, or clear this page’s site data.'

/** This device's data cannot be opened: saves what only it has to a file, then begins anew. */
export function openRecoverySheet(host: HTMLElement, options: RecoveryOptions): void {
  openSheet(host, { label: 'This device’s data', kind: 'tall' }, ({ alive }) => {
    const words = signal('')
    const said = el('p', { class: 'pad', role: 'status' })
    bindText(alive, said, words)
    const save = el('button', { type: 'button', class: 'key brk' }, 'save what was not sent')
    const over = el('button', { type: 'button', class: 'key brk' }, 'start over')
    const again = el('button', { type: 'button', class: 'key brk' }, 'reload')
    const saveFile = async (): Promise<void> => {
      const { file, name, note } = await options.rescue()
      download(file, name)
      words.value = note
    }
    const beginAnew = async (): Promise<void> => {
      if (await options.startOver()) options.reload()
      else words.value = HELD
    }
    on(alive, save, 'click', () => void saveFile())
    on(alive, over, 'click', () => void beginAnew())
    on(alive, again, 'click', options.reload)
    return [
      el('div', { class: 'sheet-in' }, glyph('▲'), el('h2', { class: 'bright' }, 'this device’s data'), again),
      el(
        'div',
        { class: 'scroll' },
        el('p', { class: 'pad warn' }, options.reason),
        el('p', { class: 'pad' }, 'What the pi has is safe. Prompts and drafts that were not sent are only here.'),
        el('div', { class: 'pad' }, save, over),
        el(
          'p',
          { class: 'pad dim' },
          'Start over deletes this device’s copy and fetches your chats from the pi again.',
        ),
        said,
      ),
    ]
  })
}

/** The address lasts as long as the page, which ends with this sheet: the browser reads the file after this task. */
function download(file: Blob, name: string): void {
  el('a', { href: URL.createObjectURL(file), download: name }).click()
}
