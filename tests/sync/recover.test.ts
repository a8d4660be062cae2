import { expect, test } from 'vitest'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { beginRecovery, mergeNextRows } from '../../client/sync/recover.ts'
import { becomeNewDevice } from '../../client/sync/renumber.ts'
import { CHAT, chatLine, messageLine, setUpDevice } from './device-setup.ts'

type Device = ReturnType<typeof setUpDevice>
const chat = rowRef('conversations', CHAT)
const OTHER = '019b0000-0000-7000-8000-00000000000b'

async function fork(device: Device): Promise<void> {
  const { device: name, epoch } = device.meta()
  await device.transact(tables =>
    beginRecovery(tables, device.context, { request: { device: name, epoch }, epoch: 'two' }),
  )
}

async function mergeAll(device: Device): Promise<void> {
  while (await device.transact(tables => mergeNextRows(tables, device.context)));
}

/** What the restored server says: nothing, unless given. */
async function readBackup(device: Device, ...lines: Parameters<Device['reply']>[1]): Promise<void> {
  await device.reply(await device.request(), lines, { epoch: 'two' })
  await mergeAll(device)
}

test('becomes a new device on another history, keeps all rows in sight, and pushes nothing while it reads', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(8, { title: 'Tides' })])
  await device.edit(editor => editor.set(chat, { title: 'Mine' }))
  const before = device.meta().device

  await fork(device)

  expect(device.meta()).toMatchObject({ epoch: 'two', era: 1, cursor: null, ack: [0, ''] })
  expect(device.meta().device).not.toBe(before)
  expect(device.rows('conversations')).toMatchObject([{ title: 'Mine' }])
  expect(await device.request()).toMatchObject({ epoch: 'two', cursor: null, ack_n: 0, muts: [] })
})

test('tells the server first what the backup does not hold, then what the user did', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [
    chatLine(8, { title: 'Tides' }),
    messageLine('m', 9, { content: 'When?' }),
  ])
  await device.edit(editor => editor.set(chat, { title: 'Mine' }))

  await fork(device)
  await device.edit(editor => editor.set(chat, { model: 'fake/one' }))
  await readBackup(device)

  const { muts } = await device.request()
  expect(muts).toMatchObject([
    { n: 1, op: 'put', kind: 'conversations', id: CHAT, set: { title: ['Tides', expect.anything()] } },
    { n: 2, op: 'put', kind: 'messages', id: 'm', set: { content: ['When?', expect.anything()] } },
    { n: 3, op: 'set', set: { title: ['Mine', expect.anything()], model: ['fake/one', expect.anything()] } },
  ])
  expect(device.rows('conversations')).toMatchObject([{ title: 'Mine', model: 'fake/one' }])
})

test('takes over rows of the backup however low their position is, and sets what is newer here', async () => {
  const device = setUpDevice()
  const at = { title: [1_700_000_000_500, 'tablet'] } as const
  await device.reply(await device.request(), [chatLine(8, { title: 'Newer' }, { title: [...at.title] })])

  await fork(device)
  await readBackup(device, chatLine(2, { title: 'Older', model: 'fake/one' }))

  const { muts } = await device.request()
  expect(muts).toMatchObject([{ n: 1, op: 'set', set: { title: ['Newer', at.title] } }])
  expect(device.rows('conversations')).toMatchObject([{ title: 'Newer', model: 'fake/one' }])
})

test('purges again what the backup still holds', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(8, { title: 'Tides' })])
  await device.edit(editor => editor.purge(chat))
  await device.reply(await device.request(), [['conversations', CHAT, 9, null, 1, {}, {}]])

  await fork(device)
  await readBackup(device, chatLine(2, { title: 'Tides' }))

  expect((await device.request()).muts).toMatchObject([{ n: 1, op: 'purge', id: CHAT }])
  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, purged: true }])
})

test('does not ask again for an answer that the lost history had accepted, and asks for one that it had not', async () => {
  const device = setUpDevice()
  await device.edit(async editor => {
    await editor.put(chat, { title: 'Tides' })
    await editor.put(messageRef(CHAT, 'q'), { conversation_id: CHAT, role: 'user', content: 'When?' })
    await editor.startRun({ ...run('accepted'), message_id: 'a1' })
  })
  await device.reply(await device.request(), [], { more: true, head: 9, next: [0, ''] })
  await device.edit(editor => editor.startRun({ ...run('unheard'), message_id: 'a2' }))

  await fork(device)
  await readBackup(device)

  const { muts } = await device.request()
  expect(muts.flatMap(mutation => (mutation.op === 'run.start' ? mutation.id : []))).toEqual(['unheard'])
  expect(muts.flatMap(mutation => (mutation.op === 'put' ? mutation.id : []))).toEqual([CHAT, 'a1', 'q'])
})

test('a second fork in the middle of the first loses nothing of either', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(8, { title: 'Tides' })])
  await fork(device)
  await readBackup(device)
  const { device: name } = device.meta()

  await device.transact(tables =>
    beginRecovery(tables, device.context, { request: { device: name, epoch: 'two' }, epoch: 'three' }),
  )
  await device.reply(await device.request(), [], { epoch: 'three' })
  await mergeAll(device)

  expect((await device.request()).muts).toMatchObject([
    { n: 1, op: 'put', id: CHAT, set: { title: ['Tides', expect.anything()] } },
  ])
})

test('keeps the whole answer beside the part that another device brought back first', async () => {
  const device = setUpDevice()
  const answer = { role: 'assistant', content: 'High water twice a day.', status: 'complete' }
  const id = '019b0000-0000-7000-8000-0000000000a0'
  await device.reply(await device.request(), [chatLine(8, { title: 'Tides' }), messageLine(id, 9, answer)])
  await fork(device)
  await readBackup(device, chatLine(2, { title: 'Tides' }))
  const request = await device.request()

  const part = messageLine(id, 3, { ...answer, content: 'High wat', status: 'interrupted' })
  await device.reply(request, [part], { epoch: 'two' })

  expect(device.rows('messages')).toMatchObject([
    { id, content: 'High wat' },
    { id: '019b0000-0000-7000-8000-0000000000af', content: 'High water twice a day.' },
  ])
  expect((await device.request()).muts).toMatchObject([{ op: 'put', id: '019b0000-0000-7000-8000-0000000000af' }])
})

test('tells again what the lost history had refused', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'Tides' }))
  const refused = {
    results: [{ n: 1, result: 'gone' as const }],
    more: true,
    head: 9,
    next: [0, ''] as [number, string],
  }
  await device.reply(await device.request(), [], refused)

  await fork(device)
  await readBackup(device)

  expect((await device.request()).muts).toMatchObject([{ n: 1, op: 'put', id: CHAT }])
  expect(device.rows('conversations')).toMatchObject([{ title: 'Tides' }])
})

test('answers the same fork once, however many tabs hear of it', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [])
  const { device: name, epoch } = device.meta()
  const again = () =>
    device.transact(tables => beginRecovery(tables, device.context, { request: { device: name, epoch }, epoch: 'two' }))

  await again()
  const first = device.meta()
  await again()

  expect(device.meta()).toEqual(first)
})

test('a copied device takes a new name, tells again what is not acknowledged, and keeps the rest in sight', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'Told' }))
  await device.reply(await device.request(), [], { more: true, head: 9, next: [0, ''] })
  await device.edit(editor => editor.put(rowRef('conversations', OTHER), { title: 'Untold' }))
  const { device: name } = device.meta()

  await device.transact(tables => becomeNewDevice(tables, device.context, name))

  expect(device.meta()).toMatchObject({ ack: [0, ''], next_n: 2, epoch: 'one' })
  expect(device.meta().device).not.toBe(name)
  expect((await device.request()).muts).toMatchObject([{ n: 1, op: 'put', id: OTHER }])
  expect(device.rows('conversations')).toMatchObject([{ title: 'Told' }, { title: 'Untold' }])
  expect(device.rows('shadow')).toMatchObject([{ pending: [0] }, { pending: [1] }])
})

function run(id: string) {
  return { id, conversation_id: CHAT, user_message_id: 'q', model: 'fake/one' }
}
