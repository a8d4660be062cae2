import { expect, test } from 'vitest'
import { rowRef } from '#shared/sync-row.ts'
import type { FeedRow } from '#shared/wire/sync.ts'
import { makeRoom } from '../../client/sync/make-room.ts'
import { NOW, setUpDevice } from './device-setup.ts'

const OPTIONS = { sparedId: null, pauseMs: 1000 }
const idOf = (index: number): string => `019b0000-0000-7000-8000-0000000000${String(index).padStart(2, '0')}`
const chat = (index: number): FeedRow => [
  'conversations',
  idOf(index),
  index,
  null,
  0,
  { title: `Chat ${index}`, created_at: NOW, updated_at: NOW + index },
  {},
]
const message = (index: number): FeedRow => [
  'messages',
  idOf(index),
  50 + index,
  idOf(index),
  0,
  { role: 'user', content: 'Hello', created_at: NOW },
  {},
]

/** A device that holds some conversations with one message each, the first one touched longest ago. */
async function deviceWith(count: number) {
  const device = setUpDevice()
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  await device.reply(await device.request(), [...numbers.map(chat), ...numbers.map(message)])
  const meta = device.meta()
  await device.transact(tables => tables.meta.put({ ...meta, first_load: { phase: 'done' } }))
  const loaded = () => device.rows('messages').map(row => Number(String(Reflect.get(Object(row), 'id')).slice(-2)))
  return { ...device, loaded }
}

test('takes the messages of the oldest conversations, and leaves the list', async () => {
  const device = await deviceWith(8)

  const isMade = await makeRoom(device.context, OPTIONS)

  expect(isMade).toBe(true)
  expect(device.loaded()).toEqual([3, 4, 5, 6, 7, 8])
  expect(device.rows('conversations')).toHaveLength(8)
  expect(device.rows('unloaded')[0]).toEqual({ id: idOf(1), updated_at: NOW + 1 })
  expect(device.meta()).toMatchObject({ first_load: { phase: 'messages' }, paused_until: NOW + 1000 })
})

test('spares the conversation on the screen', async () => {
  const device = await deviceWith(2)

  await makeRoom(device.context, { ...OPTIONS, sparedId: idOf(1) })

  expect(device.loaded()).toEqual([1])
})

test('spares what waits to be sent, and the conversation it belongs to', async () => {
  const device = await deviceWith(2)
  await device.edit(editor => editor.set(rowRef('conversations', idOf(1)), { title: 'Another name' }))
  const log = device.rows('mut')

  await makeRoom(device.context, OPTIONS)

  expect(device.loaded()).toEqual([1])
  expect(device.rows('mut')).toEqual(log)
})

test('says that there is nothing to take', async () => {
  const device = await deviceWith(1)
  await makeRoom(device.context, OPTIONS)

  expect(await makeRoom(device.context, OPTIONS)).toBe(false)
})
