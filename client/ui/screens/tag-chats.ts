import type { Conversation } from '#shared/records.ts'
import { tagConversations } from '../../actions/tag-conversations.ts'
import type { App } from '../../app.ts'
import { openTagSheet } from '../sheets/tag-sheet.ts'

/** Asks for the tags of one chat or several: the field begins with those that all of them have. */
export function tagChats(app: App, host: HTMLElement, conversations: readonly Conversation[]): void {
  const [first, ...rest] = conversations
  const common = (first?.tags ?? []).filter(name => rest.every(({ tags }) => tags.includes(name)))
  openTagSheet(host, {
    tags: common,
    onTags: tags => {
      const remove = common.filter(name => !tags.includes(name))
      const ids = conversations.map(({ id }) => id)
      void tagConversations(app, ids, { add: tags, remove })
    },
  })
}
