import * as v from 'valibot'
import type { Conversation } from '#shared/records.ts'
import { tagField } from '#shared/wire/conversation-requests.ts'
import { beginTemporary } from '../actions/begin-temporary.ts'
import { cloneChat } from '../actions/clone-chat.ts'
import { copyConversation } from '../actions/copy-conversation.ts'
import { keepTemporary } from '../actions/keep-temporary.ts'
import { newConversation } from '../actions/new-conversation.ts'
import { pinConversations } from '../actions/pin-conversations.ts'
import { renameConversation } from '../actions/rename-conversation.ts'
import { shelveConversations } from '../actions/shelve-conversations.ts'
import { tagConversations } from '../actions/tag-conversations.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { conversationCandidates, resolve } from './candidates.ts'
import type { CommandHandler } from './command-handler.ts'
import type { CommandHost } from './command-host.ts'

/** Going to chats, and what is done with a whole one. */
export const CHAT_COMMANDS = {
  new: host => {
    newConversation(host.app)
    host.focusComposer()
    return null
  },
  temporary: host => {
    void beginTemporary(host.app).then(host.focusComposer)
    return null
  },
  keep: ({ app }) => {
    void keepTemporary(app)
    return null
  },
  open: ({ app }, value) => {
    const resolved = resolve(String(value), conversationCandidates(app), 'chat')
    if ('refusal' in resolved) return resolved.refusal
    app.router.go({ name: 'chat', conversationId: resolved.value })
    return null
  },
  search: (host, value) => {
    host.find(typeof value === 'string' ? value : '')
    return null
  },
  chats: ({ app }) => {
    app.router.go({ name: 'chats' })
    return null
  },
  archived: ({ app }) => {
    app.router.go({ name: 'archive' })
    return null
  },
  trash: ({ app }) => {
    app.router.go({ name: 'trash' })
    return null
  },
  archive: host =>
    withConversation(host, conversation => void shelveConversations(host.app, [conversation], 'archive-or-back')),
  tag: (host, value) => {
    const conversation = host.conversation()
    if (conversation === null) return null
    if (typeof value === 'string') return tagWith(host, conversation, value)
    host.openTags(conversation)
    return null
  },
  rename: (host, value) =>
    withConversation(host, conversation => void renameConversation(host.app, conversation, String(value))),
  pin: host => withConversation(host, conversation => void pinConversations(host.app, [conversation.id])),
  delete: host =>
    withConversation(host, conversation => {
      // To leave it is to let go of it.
      if (conversation.id === TEMPORARY_CHAT) newConversation(host.app)
      else void shelveConversations(host.app, [conversation], 'trash')
    }),
  clone: host =>
    withConversation(host, ({ id }) => {
      // The open chat is all here, and needs no pi.
      void (id === host.app.chat.id.peek() ? cloneChat(host.app, 'all') : copyConversation(host.app, id, null))
    }),
  tree: host => withConversation(host, ({ id }) => host.app.router.go({ name: 'page', page: 'tree', part: id })),
} as const satisfies Record<string, CommandHandler>

/** `work -home` gives the one tag and takes the other. */
function tagWith(host: CommandHost, conversation: Conversation, words: string): string | null {
  const all = words.split(/[\s,]+/).filter(word => word !== '')
  const remove = all.filter(word => word.startsWith('-')).map(word => word.slice(1))
  const add = all.filter(word => !word.startsWith('-'))
  const wrong = [...add, ...remove].find(name => !v.is(tagField, name))
  if (wrong !== undefined) return `“${wrong}” is no tag: 1 to 50 letters without a slash.`
  void tagConversations(host.app, [conversation.id], { add, remove })
  return null
}

function withConversation(host: CommandHost, act: (conversation: Conversation) => void): null {
  const conversation = host.conversation()
  if (conversation !== null) act(conversation)
  return null
}
