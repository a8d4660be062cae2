import * as v from 'valibot'
import type { FileChat } from '#shared/transfer/file-format.ts'
import { fileChatSchema } from '#shared/transfer/file-format.ts'
import { readImport } from '#shared/transfer/import/read-import.ts'
import { collect, decode, fileOf } from './helpers.ts'

const NOW = 1_790_000_000_000

/** What an import finds in a file; every chat of it is one that our own format takes. */
export async function read(content: unknown, chunkBytes = 64 * 1024) {
  const finds = await collect(readImport([fileOf(content, { chunkBytes })], { decode, nowMs: NOW }))
  const chats = finds.flatMap(find => (find.kind === 'chat' ? [find.chat] : []))
  for (const chat of chats) v.parse(fileChatSchema, chat)
  return {
    chats,
    sources: finds.map(({ source }) => source),
    skipped: finds.flatMap(({ skipped }) => skipped),
    missing: finds.reduce((sum, find) => sum + (find.kind === 'chat' ? find.missing : 0), 0),
  }
}

/** Each message as `role text`, indented by its depth, in the order of time. */
export function outline({ messages }: FileChat): readonly string[] {
  const depthOf = (id: string | null): number => {
    const parent = messages.find(message => message.id === id)
    return parent === undefined ? 0 : 1 + depthOf(parent.parent_id)
  }
  return [...messages]
    .sort((left, right) => left.created_at - right.created_at)
    .map(({ role, content, parent_id }) => `${'  '.repeat(depthOf(parent_id))}${role} ${content}`)
}

/** The one chat there is. */
export const only = (chats: readonly FileChat[]): FileChat => {
  const [chat] = chats
  if (chat === undefined || chats.length !== 1) throw new Error(`${chats.length} chats`)
  return chat
}
/** What the reader sees last. */
export const activeText = ({ messages, active_leaf_id }: FileChat) =>
  messages.find(({ id }) => id === active_leaf_id)?.content
