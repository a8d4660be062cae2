import { TAG_FIELD } from '#shared/sync-kinds.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'
import { readConversation } from './read-conversation.ts'

export type TagChange = { readonly add: readonly string[]; readonly remove: readonly string[] }

/** Gives tags to conversations and takes others from them, in one step. Each tag is a field of its own, so that two devices' tags both stay. */
export async function tagConversations(app: App, ids: readonly string[], { add, remove }: TagChange): Promise<void> {
  await editRows(app, async editor => {
    for (const id of ids) {
      const tags = (await readConversation(editor, id))?.tags ?? []
      const added = add.filter(tag => !tags.includes(tag)).map(tag => [TAG_FIELD + tag, true] as const)
      const removed = remove.filter(tag => tags.includes(tag)).map(tag => [TAG_FIELD + tag, false] as const)
      if (added.length + removed.length === 0) continue
      await editor.set(rowRef('conversations', id), Object.fromEntries([...added, ...removed]))
    }
  })
}
