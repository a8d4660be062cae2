import { on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

/** A place for a file: chosen, dropped on it, or pasted as text. */
export function chooseFile(alive: AbortSignal, onFiles: (files: readonly File[]) => void): HTMLElement {
  const input = el('input', {
    type: 'file',
    multiple: true,
    accept: '.zip,.json,application/zip,application/json',
    class: 'sr',
  })
  on(alive, input, 'change', () => take(input.files))
  const pick = el('label', { class: 'key', 'data-kind': 'go' }, 'choose a file', input)
  const paste = el('textarea', {
    class: 'field',
    rows: 2,
    placeholder: 'or paste the text of one here',
    'aria-label': 'Text of an export',
  })
  on(alive, paste, 'paste', event => {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (event.clipboardData !== null && event.clipboardData.files.length > 0) return take(event.clipboardData.files)
    if (text.trim() === '') return
    event.preventDefault()
    onFiles([new File([text], 'pasted text', { type: 'application/json' })])
  })
  const drop = el(
    'div',
    { class: 'drop' },
    el(
      'p',
      {},
      'A zip or JSON file that LLM Router, ChatGPT, Claude, Open WebUI, LibreChat, big-AGI, NextChat, BetterChatGPT, ChatbotUI or Grok has written.',
    ),
    pick,
    paste,
    el('p', { class: 'dim' }, 'First you see what is in it. Nothing leaves this device before you say so.'),
  )
  on(alive, drop, 'dragover', event => {
    event.preventDefault()
    drop.dataset['over'] = ''
  })
  on(alive, drop, 'dragleave', () => delete drop.dataset['over'])
  on(alive, drop, 'drop', event => {
    event.preventDefault()
    delete drop.dataset['over']
    take(event.dataTransfer?.files ?? null)
  })

  function take(files: FileList | null): void {
    if (files !== null && files.length > 0) onFiles([...files])
  }

  return drop
}
