import { expect, test } from 'vitest'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { confirmPrompt, dismissLost, listOutbox } from '../../client/sync/outbox.ts'
import { CHAT, setUpDevice } from './device-setup.ts'

const HOUR_MS = 60 * 60 * 1000

async function setUpWithPrompt() {
  const device = setUpDevice()
  await device.edit(async editor => {
    await editor.put(rowRef('conversations', CHAT), { title: 'Tides' })
    await editor.put(messageRef(CHAT, 'q'), { conversation_id: CHAT, role: 'user', content: 'When?' })
    await editor.startRun({
      id: 'run',
      conversation_id: CHAT,
      user_message_id: 'q',
      message_id: 'a',
      model: 'fake/one',
    })
  })
  const outbox = async () => {
    const entries = await device.context.store.transaction('read', tables => listOutbox(tables, device.context))
    return entries.map(({ state, reason, prompt }) => ({ state, reason, run: prompt.id }))
  }
  return { device, outbox }
}

test('a prompt waits, is sent, is accepted, and leaves when its answer is here', async () => {
  const { device, outbox } = await setUpWithPrompt()
  const states = [await outbox()]

  const request = await device.request()
  states.push(await outbox())
  await device.reply(request, [], { more: true, head: 9, next: [0, ''] })
  states.push(await outbox())

  expect(states.flat()).toEqual([
    { state: 'waiting', reason: null, run: 'run' },
    { state: 'sending', reason: null, run: 'run' },
    { state: 'accepted', reason: null, run: 'run' },
  ])
})

test('a prompt that waited for more than twelve hours is held, and what is behind it keeps its number', async () => {
  const { device, outbox } = await setUpWithPrompt()
  device.time.now += 12 * HOUR_MS + 1

  const { muts } = await device.request()

  expect(muts.map(({ n, op }) => [n, op])).toEqual([
    [1, 'put'],
    [2, 'put'],
    [3, 'noop'],
  ])
  expect(await outbox()).toEqual([{ state: 'held', reason: 'too-old', run: 'run' }])
  expect(device.rows('messages')).toMatchObject([{ id: 'q' }])
})

test('one that waited for twelve hours and not longer goes out', async () => {
  const { device } = await setUpWithPrompt()
  device.time.now += 12 * HOUR_MS

  expect((await device.request()).muts.at(-1)?.op).toBe('run.start')
})

test('one that may have been sent is told again as it is, however old it has become', async () => {
  const { device } = await setUpWithPrompt()
  const first = await device.request()
  device.time.now += 24 * HOUR_MS

  expect((await device.request()).muts).toEqual(first.muts)
})

test('a held prompt that is confirmed is asked as a new run with a new answer', async () => {
  const { device, outbox } = await setUpWithPrompt()
  device.time.now += 13 * HOUR_MS
  await device.request()
  const [lost] = device.rows('lost')
  const mid = lost instanceof Object && 'mid' in lost ? String(lost.mid) : ''

  const isAsked = await confirmPrompt(device.context, mid)

  const [entry, ...others] = await outbox()
  expect([isAsked, others, device.rows('lost')]).toEqual([true, [], []])
  expect(entry).toMatchObject({ state: 'waiting' })
  expect(entry?.run).not.toBe('run')
  expect(await confirmPrompt(device.context, mid)).toBe(false)
})

test('a held prompt that is dismissed is gone', async () => {
  const { device, outbox } = await setUpWithPrompt()
  device.time.now += 13 * HOUR_MS
  await device.request()
  const [lost] = device.rows('lost')

  await dismissLost(device.context, lost instanceof Object && 'mid' in lost ? String(lost.mid) : '')

  expect(await outbox()).toEqual([])
})
