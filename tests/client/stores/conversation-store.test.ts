import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import type { DeviceState } from '../../../client/device/device.ts'
import { createConversationStore } from '../../../client/stores/conversation-store.ts'
import { UNUSED_DEVICE } from '../../helpers/unused-device.ts'

/** A device on which so many chats are, which has read them or is about to. */
function listOf(chats: number, { isRead = true } = {}) {
  const asked: number[] = []
  const device = signal<DeviceState>({
    state: 'open',
    device: {
      ...UNUSED_DEVICE,
      conversations: (_alive, { most }) => {
        asked.push(most)
        return signal(isRead ? { rows: [], hasMore: chats > most, isComplete: true, isAllHere: true } : null)
      },
    },
  })
  const source = { shelf: signal('chats' as const), device, failure: signal(null), kept: null }
  return { asked, store: createConversationStore(new AbortController().signal, source) }
}

test('a long list begins with what a screen can show, and shows twice as many when it is asked for more', () => {
  const { asked, store } = listOf(500)

  expect(asked).toEqual([30])
  store.showMore()
  store.showMore()
  expect(asked).toEqual([30, 60, 120])
})

test('a list that its reader comes near the end of grows by itself, and stops where what follows it would never come', () => {
  const { asked, store } = listOf(500)

  for (let time = 0; time < 5; time++) store.comeNear()

  expect(asked).toEqual([30, 60, 120])
})

test('a list that is still being read is not asked for more', () => {
  const { asked, store } = listOf(500, { isRead: false })

  store.showMore()

  expect(asked).toEqual([30])
})
