import { computed } from '@preact/signals-core'
import { goToMessage } from '../../actions/go-to-message.ts'
import type { App } from '../../app.ts'
import { pathOf } from '../../platform/router.ts'
import { chatOutline } from '../../stores/chat-outline.ts'
import type { BranchListOptions } from '../components/branch-list.ts'

/** What a list of the branches of the chat on the screen needs of the app. */
export function branchListOptions(app: App): BranchListOptions {
  const { chat, messages } = app
  return {
    rows: computed(() => {
      // Every way through a chat passes its first fork: one without a choice has none.
      if (!chat.turns.value.some(({ variants }) => variants.length > 1)) return []
      const last = chat.turns.value.at(-1)
      const outline = chatOutline(messages.messages.value, (last?.answer ?? last?.question)?.id ?? null)
      return outline.filter(({ fork }) => fork !== 'none')
    }),
    path: computed(() => pathOf({ name: 'page', page: 'tree', part: chat.id.value })),
    onGo: messageId => void goToMessage(app, messageId),
  }
}
