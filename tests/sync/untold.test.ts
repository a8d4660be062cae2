import { expect, test } from 'vitest'
import { untoldRow } from '#shared/sync-overlay.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { type FeedRow, type PushedMutation, SYNC_SCHEMA, type SyncRequest } from '#shared/wire/sync.ts'
import { makeRoom } from '../../client/sync/make-room.ts'
import { bringIn, countPending, type NewChat } from '../../client/sync/untold.ts'
import { CHAT, chatLine, messageLine, NOW, setUpDevice, tombstoneLine } from './device-setup.ts'

const chat = rowRef('conversations', CHAT)
const OTHER_CHAT = '019b0000-0000-7000-8000-00000000000b'
const messageId = (number: number): string => `019b0000-0000-7000-8000-1000000${String(number).padStart(5, '0')}`

function chatOf(messages: number, id = CHAT): NewChat {
  const times = { created_at: NOW - 1000, updated_at: NOW - 500 }
  return {
    conversation: untoldRow(rowRef('conversations', id), { title: 'From a file', 'tags/old': true, ...times }),
    messages: Array.from({ length: messages }, (_, number) =>
      untoldRow(messageRef(id, messageId(number)), {
        ...{ conversation_id: id, role: 'user', content: `Word ${number}`, created_at: NOW - 900, device_id: null },
      }),
    ),
  }
}

const said = (muts: readonly PushedMutation[]): readonly string[] =>
  muts.map(mutation => `${mutation.op} ${'id' in mutation ? mutation.id : ''}`)

test('brings a chat in as rows alone', async () => {
  const device = setUpDevice()

  const left = await bringIn(device.context, [chatOf(2)])

  expect(left).toEqual([])
  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, title: 'From a file', tags: ['old'], rev: 0 }])
  expect(device.rows('messages')).toHaveLength(2)
  expect([device.rows('mut'), device.rows('shadow')]).toEqual([[], []])
  expect(await device.transact(tables => countPending(tables, 0))).toBe(1)
})

test('leaves a chat alone that is here already, or of which a message is', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [
    chatLine(1, { title: 'Tides' }),
    ['messages', messageId(0), 2, OTHER_CHAT, 0, { role: 'user', created_at: NOW }, {}],
  ])
  const [one, other] = [chatOf(1), chatOf(1, OTHER_CHAT)]

  const left = await bringIn(device.context, [one, other])

  expect(left).toEqual([one, other])
  expect(device.rows('untold')).toEqual([])
  expect(device.rows('conversations')).toMatchObject([{ title: 'Tides' }])
})

test('tells of a chat with all its fields, the conversation first', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(1)])

  const { muts } = await device.request()

  const at = [NOW - 1000, '']
  expect(muts).toMatchObject([
    {
      n: 1,
      op: 'put',
      kind: 'conversations',
      id: CHAT,
      set: {
        title: ['From a file', at],
        'tags/old': [true, at],
        created_at: [NOW - 1000, at],
        updated_at: [NOW - 500, at],
      },
    },
    { n: 2, op: 'put', kind: 'messages', id: messageId(0), set: { content: ['Word 0', [NOW - 900, '']] } },
  ])
  expect(muts[1]).toHaveProperty('set.device_id', [null, [NOW - 900, '']])
  expect(muts[1]).not.toHaveProperty('set.reasoning')
  expect(device.rows('untold')).toEqual([])
})

test('lets what somebody writes go out before the rest of what was brought in', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(250)])
  const first = await device.request()
  await device.edit(editor => editor.put(rowRef('conversations', OTHER_CHAT), { title: 'Tides' }))
  await device.reply(first, [])

  const second = await device.request()
  await device.reply(second, [])
  const third = await device.request()

  expect(first.muts).toHaveLength(200)
  expect(said(second.muts)).toEqual([`put ${OTHER_CHAT}`])
  expect(third.muts).toHaveLength(51)
  expect(device.rows('untold')).toEqual([])
})

test('writes one record for all that is on its way, and nothing but the server’s rows when they come', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(2)])

  const request = await device.request()
  const onItsWay = [device.rows('parcels').length, device.rows('mut'), device.rows('shadow')]
  const pending = await device.transact(tables => countPending(tables, 0))
  await device.reply(request, echoOf(request))

  expect(onItsWay).toEqual([1, [], []])
  expect(pending).toBe(3)
  expect([device.rows('parcels'), device.rows('mut'), device.rows('shadow'), device.rows('lost')]).toEqual([
    [],
    [],
    [],
    [],
  ])
  expect(device.rows('messages')).toMatchObject([
    { rev: 2, era: 0 },
    { rev: 3, era: 0 },
  ])
  expect(device.meta().ack).toEqual([3, request.muts[2]?.mid])
})

test('says the same again when the answer got lost', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(250)])

  const first = await device.request()
  const second = await device.request()

  expect(second.muts).toEqual(first.muts)
  expect(second.muts).toHaveLength(200)
})

test('puts what is on its way into the log before somebody changes anything, under the numbers it was sent with', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(1)])
  const request = await device.request()

  await device.edit(editor => editor.set(chat, { title: 'A better name' }))

  const log = device.rows('mut').map(row => ({ ...row }))
  expect(log).toMatchObject([
    { n: 1, mid: request.muts[0]?.mid, sent: true, body: { op: 'put', id: CHAT } },
    { n: 2, mid: request.muts[1]?.mid, sent: true },
    { n: 3, sent: false, body: { op: 'set', set: { title: ['A better name', [NOW, device.meta().device]] } } },
  ])
  await device.reply(request, echoOf(request))
  expect((await device.request()).muts).toMatchObject([{ n: 3 }])
  expect(device.rows('conversations')).toMatchObject([{ title: 'A better name', rev: 1 }])
})

test('keeps what the server did not take where it is found', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(2)])
  const request = await device.request()

  await device.reply(request, echoOf(request).slice(0, 2), { results: [{ n: 3, result: 'invalid' }] })

  expect(device.rows('lost')).toMatchObject([{ reason: 'invalid', copy: { content: 'Word 1' } }])
  expect(device.rows('messages')).toMatchObject([{ id: messageId(0), rev: 2 }])
  expect([device.rows('parcels'), device.rows('mut'), device.rows('shadow')]).toEqual([[], [], []])
})

test('waits for rows that another page brings before it lets go of what was told', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(1)])
  const request = await device.request()
  const rows = echoOf(request)

  await device.reply(request, rows.slice(0, 1), { more: true, head: 2, next: [1, 'nonce 1'] })
  const between = device.rows('messages')
  const [n, mid] = device.meta().ack
  await device.reply({ ...pull(device), cursor: [1, 'nonce 1'] }, rows.slice(1), { ack: [n, mid] })

  expect(between).toMatchObject([{ content: 'Word 0' }])
  expect(device.rows('messages')).toMatchObject([{ content: 'Word 0', rev: 2 }])
  expect([device.rows('mut'), device.rows('shadow'), device.rows('lost')]).toEqual([[], [], []])
})

test('changes a row that nobody was told of in place, and tells it with the clock of the change', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(0)])

  await device.edit(editor => editor.set(chat, { title: 'A better name', 'tags/old': false }))

  expect(device.rows('mut')).toEqual([])
  const { device: name, muts } = await device.request()
  expect(muts).toMatchObject([{ op: 'put', set: { title: ['A better name', [NOW, name]] } }])
  expect(muts[0]).not.toHaveProperty(['set', 'tags/old'])
})

test('tells all of a chat before anything that builds on it', async () => {
  const device = setUpDevice()
  await bringIn(device.context, [chatOf(1), chatOf(1, OTHER_CHAT)])
  const answer = messageRef(CHAT, messageId(7))

  await device.edit(async editor => {
    await editor.put(answer, { conversation_id: CHAT, parent_id: messageId(0), role: 'user', content: 'And then?' })
    await editor.set(chat, { active_leaf_id: answer.id })
  })

  const { muts } = await device.request()
  expect(said(muts)).toEqual([`put ${CHAT}`, `put ${messageId(0)}`, `put ${answer.id}`, `set ${CHAT}`])
  expect(device.rows('untold')).toEqual([{ id: OTHER_CHAT, after: null }])
})

test('takes the server’s version of a chat that another device has brought in, and tells what was changed here', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [])
  await bringIn(device.context, [chatOf(1)])
  await device.edit(editor => editor.set(chat, { title: 'A better name' }))

  await device.reply(pull(device), [
    chatLine(1, { title: 'From a file', created_at: NOW - 1000 }),
    messageLine(messageId(0), 2, { content: 'Word 0' }),
  ])

  expect(device.rows('conversations')).toMatchObject([{ title: 'A better name' }])
  expect(device.rows('messages')).toMatchObject([{ content: 'Word 0' }])
})

test('keeps what was brought in where it is found when it was purged elsewhere', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [])
  await bringIn(device.context, [chatOf(2)])

  await device.reply(pull(device), [tombstoneLine(1)])

  expect(device.rows('lost')).toHaveLength(3)
  expect([device.rows('messages'), device.rows('untold')]).toEqual([[], []])
  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, purged: true }])
})

test('spares what no server has when room is made', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [])
  await bringIn(device.context, [chatOf(2)])

  const isMade = await makeRoom(device.context, { sparedId: null, pauseMs: 1000 })

  expect(isMade).toBe(false)
  expect(device.rows('messages')).toHaveLength(2)
})

/** The rows of a server that has done all that a request says. */
function echoOf({ muts }: SyncRequest): readonly FeedRow[] {
  return muts.flatMap((mutation, index): readonly FeedRow[] => {
    if (mutation.op !== 'put') return []
    const fields = Object.fromEntries(Object.entries(mutation.set).map(([field, [value]]) => [field, value]))
    const conversation = mutation.kind === 'messages' ? String(fields['conversation_id']) : null
    return [[mutation.kind, mutation.id, index + 1, conversation, 0, fields, {}]]
  })
}

/** A request that asks and tells nothing. */
function pull(device: ReturnType<typeof setUpDevice>): SyncRequest {
  const { device: name, epoch, cursor, ack } = device.meta()
  return { v: 1, schema: SYNC_SCHEMA, device: name, epoch, cursor, ack_n: ack[0], muts: [], limit: 500 }
}
