import type { App } from '../app.ts'
import { copyText } from '../platform/clipboard.ts'

/** Copies text and says in a note when that was not possible. */
export async function copyToClipboard(app: App, text: string): Promise<void> {
  const isCopied = await copyText(text)
  if (isCopied) {
    app.announcement.value = 'Copied'
    return
  }
  const sentence = 'The browser did not allow it. Select the text and copy it by hand.'
  app.notes.show({ id: 'copy', tag: 'not copied', tone: 'warn', text: sentence, action: null })
}
