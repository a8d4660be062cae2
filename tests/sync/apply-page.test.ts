import { expect, test } from 'vitest'
import { rowRef } from '#shared/sync-row.ts'
import { CHAT, chatLine, messageLine, setUpDevice, tombstoneLine } from './device-setup.ts'

const chat = rowRef('conversations', CHAT)

test('takes over rows and cursor together', async () => {
  const device = setUpDevice()

  const end = await device.reply(await device.request(), [chatLine(3, { title: 'Tides', future_field: 1 })], {
    head: 4,
  })

  expect(end).toBe('applied')
  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, rev: 3, title: 'Tides', future_field: 1 }])
  expect(device.meta()).toMatchObject({ epoch: 'one', cursor: [4, 'nonce 4'] })
})

test('keeps a later version when an earlier one comes after it', async () => {
  const device = setUpDevice()
  const request = await device.request()
  await device.reply(request, [chatLine(5, { title: 'Newer' })])

  await device.reply(request, [chatLine(3, { title: 'Older' })])

  expect(device.rows('conversations')).toMatchObject([{ rev: 5, title: 'Newer' }])
  expect(device.meta().cursor).toEqual([5, 'nonce 5'])
})

test('takes nothing from another history, or for another device', async () => {
  const device = setUpDevice()
  const request = await device.request()
  await device.reply(request, [chatLine(1, { title: 'Tides' })])

  const foreign = await device.reply(await device.request(), [chatLine(9, { title: 'Foreign' })], { epoch: 'two' })
  const stranger = await device.reply({ ...request, device: 'stranger' }, [chatLine(9, { title: 'Foreign' })])

  expect([foreign, stranger]).toEqual(['stale', 'stale'])
  expect(device.rows('conversations')).toMatchObject([{ title: 'Tides' }])
})

test('finds out that another device uses its name', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'Tides' }))
  const request = await device.request()

  const ends = [
    await device.reply(request, [], { ack: [1, 'not mine'] }),
    await device.reply(request, [], { ack: [2, 'never made'] }),
  ]

  expect(ends).toEqual(['cloned', 'cloned'])
  expect(device.rows('mut')).toMatchObject([{ n: 1, acked: null }])
})

test('shows its own edit over the server’s row until the server’s row has it', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(1, { title: 'Tides' })])
  await device.edit(editor => editor.set(chat, { title: 'Mine' }))
  const request = await device.request()

  await device.reply(request, [chatLine(2, { title: 'Tides', model: 'fake/one' })], { ack: [0, ''] })

  expect(device.rows('conversations')).toMatchObject([{ title: 'Mine', model: 'fake/one' }])
  expect(device.rows('shadow')).toMatchObject([{ row: { rev: 2, title: 'Tides' }, pending: [1] }])
})

test('keeps an acknowledged edit in sight while more of the feed is to come, and lets it go with the last page', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'Mine' }))
  const request = await device.request()

  await device.reply(request, [], { head: 7, next: [2, 'nonce 2'], more: true })
  expect(device.rows('conversations')).toMatchObject([{ title: 'Mine', rev: 0 }])
  expect(device.rows('mut')).toMatchObject([{ n: 1, acked: 7 }])

  await device.reply(await device.request(), [chatLine(6, { title: 'Mine' })], { head: 7 })
  expect(device.rows('conversations')).toMatchObject([{ title: 'Mine', rev: 6 }])
  expect([device.rows('mut'), device.rows('shadow')]).toEqual([[], []])
})

test('moves what the server refused to lost-and-found, also when the refusing reply was lost', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'Mine' }))
  const request = await device.request()

  await device.reply(request, [])

  expect(device.rows('conversations')).toEqual([])
  expect(device.rows('lost')).toMatchObject([{ reason: 'refused', body: { op: 'put' }, copy: { title: 'Mine' } }])
})

test('names the server’s own reason where it came', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: '' }))
  const request = await device.request()

  await device.reply(request, [], { results: [{ n: 1, result: 'invalid' }] })

  expect(device.rows('lost')).toMatchObject([{ reason: 'invalid' }])
})

test('a conversation purged elsewhere takes its messages along, and what was written here goes to lost-and-found', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(1, { title: 'Tides' }), messageLine('m', 2)])
  await device.edit(editor => editor.set(chat, { title: 'Mine' }))

  await device.reply(await device.request(), [tombstoneLine(3)], { results: [{ n: 1, result: 'gone' }] })

  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, purged: true, rev: 3 }])
  expect(device.rows('messages')).toEqual([])
  expect(device.rows('lost')).toMatchObject([{ reason: 'gone', copy: { title: 'Mine' } }])
  expect(device.rows('mut')).toEqual([])
})

test('refuses messages of a purged conversation, whenever they come', async () => {
  const device = setUpDevice()
  const request = await device.request()

  await device.reply(request, [messageLine('early', 1), tombstoneLine(3)])
  await device.reply(request, [messageLine('late', 2)])

  expect(device.rows('messages')).toEqual([])
})

test('parks rows of kinds it does not know, and moves on', async () => {
  const device = setUpDevice()

  await device.reply(await device.request(), [['widgets', 'w', 3, null, 0, { colour: 'green' }, {}]])

  expect(device.rows('unknown')).toMatchObject([
    { kind: 'widgets', id: 'w', line: ['widgets', 'w', 3, null, 0, {}, {}] },
  ])
  expect(device.meta().cursor).toEqual([3, 'nonce 3'])
})

test('keeps fields it does not know through its own edits', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(1, { title: 'Tides', mood: 'calm' })])

  await device.edit(editor => editor.set(chat, { title: 'Mine' }))
  const { muts } = await device.request()

  expect(device.rows('conversations')).toMatchObject([{ title: 'Mine', mood: 'calm' }])
  expect(muts).toMatchObject([{ op: 'set', set: { title: ['Mine', expect.anything()] } }])
  expect(JSON.stringify(muts)).not.toContain('mood')
})
