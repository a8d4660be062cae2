import type { Conversation } from '#shared/records.ts'
import type { App } from '../../app.ts'
import { canShareFile, saveFile, shareFile } from '../../platform/hand-over-file.ts'
import { fetchPart } from './fetch-part.ts'

/** Opens the sheet that takes these chats out, or all of them for null. */
export function openExport(app: App, host: HTMLElement, conversations: readonly Conversation[] | null): void {
  load(app, async () => {
    const [{ openExportSheet }, transfer] = await Promise.all([import('../sheets/export-sheet.ts'), app.transfer()])
    const words = conversations?.length === 1 ? 'this chat' : `${conversations?.length ?? 0} chosen`
    openExportSheet(host, {
      scope: conversations === null ? null : { words, conversationIds: conversations.map(({ id }) => id) },
      createFlow: transfer.createExport,
      canShare: canShareFile,
      onSave: saveFile,
      onShare: file => {
        shareFile(file).catch(() => saveFile(file))
      },
    })
  })
}

/** Opens the sheet that brings chats in. */
export function openImport(app: App, host: HTMLElement): void {
  load(app, async () => {
    const [{ openImportSheet }, { imports }] = await Promise.all([import('../sheets/import-sheet.ts'), app.transfer()])
    if (imports.state.peek().at !== 'importing') void imports.reset()
    openImportSheet(host, { flow: imports, nowMs: app.nowMs })
  })
}

function load(app: App, open: () => Promise<void>): void {
  if (document.querySelector('dialog[open]') !== null) return
  fetchPart(app, open)
}
