import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import type { DeviceState } from '../../../client/device/device.ts'
import { createConversationStore } from '../../../client/stores/conversation-store.ts'
import { UNUSED_DEVICE } from '../../helpers/unused-device.ts'

/** A device on which so many chats are. */
function listOf(chats: number) {
  const asked: number[] = []
  const device = signal<DeviceState>({
    state: 'open',
    device: {
      ...UNUSED_DEVICE,
      conversations: (_alive, { most }) => {
        asked.push(most)
        return signal({ rows: [], hasMore: chats > most, isComplete: true, isAllHere: true })
      },
    },
  })
  const source = { shelf: signal('chats' as const), device, failure: signal(null), kept: null }
  return { asked, store: createConversationStore(new AbortController().signal, source) }
}

test('a long list begins with what a screen can show, and goes on by itself to a whole page', () => {
  const { asked, store } = listOf(500)

  expect(asked).toEqual([30, 100])
  store.showMore()
  expect(asked).toEqual([30, 100, 200])
})

test('a short list is read once', () => {
  expect(listOf(30).asked).toEqual([30])
})
