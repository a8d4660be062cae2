import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { MessageStatus } from '#shared/records.ts'
import type { App } from '../app.ts'
import { markRead, markUnread, readUnread, UNREAD_CHANNEL } from '../installed/unread-answers.ts'
import { watch } from '../signals/watch.ts'

const UNDER_WAY: readonly (MessageStatus | null)[] = ['queued', 'streaming']
/** How an answer ends by itself; one that was stopped has been seen. */
const ENDED: readonly (MessageStatus | null)[] = ['complete', 'error', 'interrupted']

type Ports = {
  readonly isVisible: ReadonlySignal<boolean>
  /** Puts the number on the app's icon. */
  readonly showBadge: (count: number) => Promise<void>
}

/** Keeps the list of chats with an answer that finished while nobody looked. All pages of this device and its worker share it. */
export function followUnread(app: App, { isVisible, showBadge }: Ports): void {
  const { alive, installed, conversations } = app
  const lookedAt = computed(() => {
    const { name } = app.router.route.value
    return isVisible.value && name === 'chat' ? app.chat.id.value : null
  })
  const put = (ids: Promise<readonly string[]>): void => {
    ids
      .then(now => {
        installed.unread.value = new Set(now)
      })
      .catch(reportError)
  }

  const channel = new BroadcastChannel(UNREAD_CHANNEL)
  channel.addEventListener('message', () => put(readUnread()), { signal: alive })
  put(readUnread())
  watch(
    alive,
    computed(() => ({ id: lookedAt.value, unread: installed.unread.value })),
    ({ id, unread }) => {
      if (id !== null && unread.has(id)) put(markRead(id))
    },
  )
  watch(alive, installed.unread, unread => void showBadge(unread.size).catch(reportError))

  const before = new Map<string, MessageStatus | null>()
  watch(alive, conversations.list, rows => {
    for (const { id, last_status } of rows) {
      const hasEnded = UNDER_WAY.includes(before.get(id) ?? null) && ENDED.includes(last_status)
      if (hasEnded && lookedAt.peek() !== id) put(markUnread(id))
      before.set(id, last_status)
    }
  })
}
