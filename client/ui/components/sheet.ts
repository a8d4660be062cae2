import '../../styles/sheet.css'
import { takeBackStep } from '../../platform/back-step.ts'
import { el } from '../dom/element.ts'

export type Sheet = { readonly dialog: HTMLDialogElement; readonly alive: AbortSignal; close(): void }

/**
 * A sheet over the page: at the bottom of a phone, a box on a wide screen. It is modal, closes with Escape, the back
 * gesture or a tap beside it, and focus returns to what opened it. It is removed when it closes.
 */
export function openSheet(
  host: HTMLElement,
  options: { readonly label: string; readonly kind?: string },
  build: (sheet: Sheet) => readonly HTMLElement[],
): Sheet {
  const life = new AbortController()
  const dialog = el('dialog', { class: `sheet ${options.kind ?? ''}`, 'aria-label': options.label })
  const opener = document.activeElement
  const sheet: Sheet = { dialog, alive: life.signal, close: () => dialog.close() }
  dialog.append(...build(sheet))
  dialog.addEventListener('click', event => {
    if (event.target === dialog && isOutside(event, dialog)) dialog.close()
  })
  dialog.addEventListener('close', () => {
    life.abort()
    dialog.remove()
    if (opener instanceof HTMLElement && opener.isConnected) giveFocusBack(opener)
  })
  host.append(dialog)
  dialog.showModal()
  takeBackStep(life.signal, { history: window.history, onBack: sheet.close })
  return sheet
}

function giveFocusBack(opener: HTMLElement): void {
  // A closing dialog gives a text box the focus but, in Chromium, no caret while the dialog's own box had it: keys then write nowhere.
  if (opener instanceof HTMLTextAreaElement || opener instanceof HTMLInputElement) opener.blur()
  opener.focus({ preventScroll: true })
}

function isOutside(event: MouseEvent, dialog: HTMLElement): boolean {
  const box = dialog.getBoundingClientRect()
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
}
