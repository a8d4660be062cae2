import { expect, test } from 'vitest'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { CHAT, chatLine, NOW, setUpDevice } from './device-setup.ts'

const chat = rowRef('conversations', CHAT)

test('writes the row, its shadow and the mutation together', async () => {
  const device = setUpDevice()

  await device.edit(editor => editor.put(chat, { title: 'Tides' }))

  const name = device.meta().device
  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, title: 'Tides', created_at: NOW, rev: 0 }])
  expect(device.rows('shadow')).toMatchObject([{ kind: 'conversations', id: CHAT, row: null, pending: [1] }])
  expect(device.rows('mut')).toMatchObject([
    { n: 1, sent: false, body: { op: 'put', set: { title: ['Tides', [NOW, name]], created_at: [NOW, [NOW, name]] } } },
  ])
})

test('writes nothing at all when the work fails', async () => {
  const device = setUpDevice()

  const failing = device.edit(async editor => {
    await editor.put(chat, { title: 'Tides' })
    throw new Error('Changed my mind')
  })

  await expect(failing).rejects.toThrow('Changed my mind')
  expect([device.rows('conversations'), device.rows('mut'), device.rows('meta')]).toEqual([[], [], []])
})

test('beats the value it replaces though its own clock is behind', async () => {
  const device = setUpDevice()
  await device.reply(await device.request(), [chatLine(1, { title: 'Tides' }, { title: [NOW + 5000, 'tablet'] })])

  await device.edit(editor => editor.set(chat, { title: 'Tides and moons' }))

  const { device: name } = device.meta()
  expect(device.rows('conversations')).toMatchObject([{ title: 'Tides and moons', at: { title: [NOW + 5001, name] } }])
})

test('counts by the server’s clock', async () => {
  const device = setUpDevice()
  device.time.now = NOW - 60_000
  await device.reply(await device.request(), [])

  await device.edit(editor => editor.put(chat, { title: 'Tides' }))

  expect(device.rows('conversations')).toMatchObject([{ created_at: NOW }])
})

test('changes the newest mutation in place while no server can have seen it, and under another name', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'T' }))
  const [before] = device.rows('mut')

  await device.edit(editor => editor.set(chat, { title: 'Ti' }))

  const [after, ...others] = device.rows('mut')
  expect(others).toEqual([])
  expect(after).toMatchObject({ n: 1, body: { op: 'put', set: { title: ['Ti', [NOW + 1, device.meta().device]] } } })
  expect(after).not.toHaveProperty('mid', before instanceof Object && 'mid' in before ? before.mid : null)
})

test('adds a mutation once the last one may have been sent', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'T' }))
  await device.request()

  await device.edit(editor => editor.set(chat, { title: 'Ti' }))

  expect(device.rows('mut')).toMatchObject([
    { n: 1, sent: true, body: { op: 'put' } },
    { n: 2, sent: false, body: { op: 'set' } },
  ])
  expect(device.rows('shadow')).toMatchObject([{ pending: [1, 2] }])
})

test('does not change a row that is purged, or was never there', async () => {
  const device = setUpDevice()
  await device.edit(editor => editor.put(chat, { title: 'Tides' }))
  await device.edit(editor => editor.purge(chat))

  const isChanged = await device.edit(async editor => [
    await editor.set(chat, { title: 'Back' }),
    await editor.set(rowRef('conversations', 'nobody'), { title: 'Hello' }),
  ])

  expect(isChanged).toEqual([false, false])
})

test('purges a conversation with its messages, and takes back the prompts that nobody has seen', async () => {
  const device = setUpDevice()
  await device.edit(async editor => {
    await editor.put(chat, { title: 'Tides' })
    await ask(editor, 'run')
  })

  await device.edit(editor => editor.purge(chat))

  expect(device.rows('conversations')).toMatchObject([{ id: CHAT, purged: true }])
  expect(device.rows('messages')).toEqual([])
  expect(device.rows('mut').map(operation)).toEqual(['put', 'put', 'noop', 'purge'])
})

test('takes back a prompt that nobody has seen, and asks the server to stop any other', async () => {
  const device = setUpDevice()
  await device.edit(editor => ask(editor, 'first'))
  const early = await device.edit(editor => editor.cancelRun('first'))
  await device.edit(editor => ask(editor, 'second'))
  await device.request()

  const late = await device.edit(editor => editor.cancelRun('second'))

  expect([early, late]).toEqual(['taken-back', 'asked'])
  expect(device.rows('mut').map(operation)).toEqual(['put', 'noop', 'put', 'run.start', 'run.cancel'])
})

type Editor = Parameters<Parameters<ReturnType<typeof setUpDevice>['edit']>[0]>[0]

async function ask(editor: Editor, runId: string): Promise<void> {
  const question = messageRef(CHAT, `q ${runId}`)
  await editor.put(question, { conversation_id: CHAT, role: 'user', content: 'When is high water?' })
  await editor.startRun({
    ...{ id: runId, conversation_id: CHAT, user_message_id: question.id, message_id: `a ${runId}`, model: 'fake/one' },
  })
}

function operation(mutation: unknown): unknown {
  return mutation instanceof Object && 'body' in mutation && mutation.body instanceof Object && 'op' in mutation.body
    ? mutation.body.op
    : null
}
