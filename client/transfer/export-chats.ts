import { exportName, exportPieces } from '#shared/transfer/export-file.ts'
import type { FileChat } from '#shared/transfer/file-format.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import type { FileSink } from './file-sink.ts'
import { listChatIds, readFileChat } from './read-file-chats.ts'
import type { ExportJob, ExportResult } from './transfer-messages.ts'

export type ExportPorts = {
  readonly database: LocalDatabase
  readonly sink: FileSink
  readonly nowMs: number
  readonly onProgress: (done: number, total: number) => void
}

/** Writes chats of this device into a file, one after the other. */
export async function exportChats({ format, conversationIds }: ExportJob, ports: ExportPorts): Promise<ExportResult> {
  const { database, sink, nowMs, onProgress } = ports
  const ids = conversationIds ?? (await listChatIds(database, { withTrash: format === 'json' }))
  const isSingle = conversationIds?.length === 1
  let title: string | null = null
  let conversations = 0
  let incomplete = 0

  async function* chats(): AsyncGenerator<FileChat> {
    for (const [index, id] of [...ids].sort().entries()) {
      onProgress(index, ids.length)
      const found = await readFileChat(database, id)
      if (found === null) continue
      conversations++
      if (!found.isComplete) incomplete++
      if (isSingle) title = found.chat.title
      yield found.chat
    }
  }

  for await (const piece of exportPieces(chats(), { format, isSingle })) await sink.write(piece)
  onProgress(ids.length, ids.length)
  const { name, mediaType } = exportName({ format, isSingle }, { nowMs, title })
  return { file: await sink.finish(name, mediaType), conversations, incomplete }
}
