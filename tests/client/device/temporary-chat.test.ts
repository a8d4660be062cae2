import { expect, test } from 'vitest'
import type { Message } from '#shared/records.ts'
import { askPrompt } from '../../../client/actions/ask-prompt.ts'
import type { Api } from '../../../client/api/api-client.ts'
import type { Failure } from '../../../client/api/outcome.ts'
import type { KeepingDevice } from '../../../client/device/device.ts'
import { withTemporaryChat } from '../../../client/device/temporary-chat.ts'
import { createTalk } from '../../../client/device/temporary-talk.ts'
import type { LocalEditor } from '../../../client/sync/local-edit.ts'
import { never, UNUSED_STORE } from '../../helpers/unused-device.ts'

const SILENT: Failure = { kind: 'silent' }
const OVER_BUDGET: Failure = {
  kind: 'refused',
  status: 402,
  error: { code: 'budget-exceeded', message: 'Your limit is reached.', retryable: false },
}

type Call = { readonly line: string; readonly body: Readonly<Record<string, unknown>> }

/** Chats that are stored; it notes what is done to them. */
function storedDevice(touched: string[]): KeepingDevice {
  const editor: LocalEditor = {
    read: never,
    put: never,
    putMissing: never,
    set: async ({ id }) => touched.push(id) > 0,
    setMany: async refs => void touched.push(...refs.map(({ id }) => id)),
    purge: never,
    startRun: never,
    cancelRun: never,
    takeLost: never,
  }
  return {
    ...UNUSED_STORE,
    edit: work => work(editor),
    open: id => void touched.push(id),
    wake: () => undefined,
  }
}

function setUp(failures: Failure[] = []) {
  const calls: Call[] = []
  const touched: string[] = []
  const call: Api['call'] = async (path, parse, options = {}) => {
    const { method = 'GET', body = {} } = options
    calls.push({ line: `${method} ${path}`, body: Object(body) })
    const failure = failures.shift()
    return failure ? { ok: false, failure } : { ok: true, value: await parse(null) }
  }
  const api: Api = { call, open: never }
  let ids = 0
  const device = withTemporaryChat(storedDevice(touched), {
    api,
    clock: { now: () => 1_000 },
    newId: () => `chat-${++ids}`,
    pause: () => Promise.resolve('elapsed'),
    random: () => 0.5,
    onFault: never,
  })
  const chat = device.chat(new AbortController().signal, 'temporary')
  const messages = (): readonly Message[] => [...(chat.value?.messages.values() ?? [])]
  const statuses = () => messages().map(({ id, status, content }) => `${id} ${status} ${content}`.trim())
  async function ask(name: string, parentId: string | null): Promise<void> {
    const given = { questionId: `q${name}`, answerId: `a${name}`, runId: `r${name}`, conversationId: 'temporary' }
    await device.edit(editor => askPrompt(editor, { ...given, parentId, text: `question ${name}`, model: 'p/m' }))
    await settle()
  }
  async function end(name: string, status: Message['status'] = 'complete'): Promise<void> {
    const answer = messages().find(({ id }) => id === `a${name}`)
    if (answer === undefined) throw new Error(`No answer ${name}`)
    device.answerEnded({ ...answer, conversation_id: 'chat-1', content: `answer ${name}`, status })
    await settle()
  }
  return { device, calls, touched, statuses, ask, end }
}

const settle = () => new Promise(resolve => setImmediate(resolve))

test('a prompt goes out with all that was said before, under the name that the ledger keeps', async () => {
  const { calls, statuses, ask, end } = setUp()
  await ask('1', null)
  await end('1')

  await ask('2', 'a1')

  expect(calls.at(-1)).toEqual({
    line: 'POST /api/chat/stream',
    body: {
      temporary: true,
      run_id: 'r2',
      conversation_id: 'chat-1',
      message_id: 'a2',
      user_message_id: 'q2',
      model: 'p/m',
      message: 'question 2',
      messages: [
        { role: 'user', content: 'question 1' },
        { role: 'assistant', content: 'answer 1' },
      ],
    },
  })
  expect(statuses()).toEqual([
    'q1 complete question 1',
    'a1 complete answer 1',
    'q2 complete question 2',
    'a2 streaming',
  ])
})

test('the pi is told to let go of an answer as soon as it is here', async () => {
  const { calls, ask, end } = setUp()
  await ask('1', null)

  await end('1')

  expect(calls.map(({ line }) => line)).toEqual(['POST /api/chat/stream', 'DELETE /api/runs/r1'])
})

test('a prompt behind a running answer waits for its end', async () => {
  const { calls, device, statuses, ask, end } = setUp()
  await ask('1', null)
  await ask('2', 'a1')

  expect(statuses().at(-1)).toBe('a2 queued')
  expect(device.outbox.value.map(({ mid, state }) => [mid, state])).toEqual([['r2', 'waiting']])
  expect(calls).toHaveLength(1)
  await end('1')
  expect(calls.map(({ body }) => body['run_id'])).toEqual(['r1', undefined, 'r2'])
  expect(device.outbox.value).toEqual([])
})

test('where the pi is silent it is asked again, for the same run', async () => {
  const { calls, statuses, ask } = setUp([SILENT, SILENT])

  await ask('1', null)

  expect(calls.map(({ body }) => body['run_id'])).toEqual(['r1', 'r1', 'r1'])
  expect(statuses().at(-1)).toBe('a1 streaming')
})

test('a refusal ends the answer, and says why', async () => {
  const { device, statuses, ask } = setUp([OVER_BUDGET])

  await ask('1', null)

  const answer = device.chat(new AbortController().signal, 'temporary').value?.messages.get('a1')
  expect(statuses().at(-1)).toBe('a1 error')
  expect(answer?.error?.message).toBe('Your limit is reached.')
})

test('an answer that the pi knows no more is interrupted', async () => {
  const { statuses, ask, end } = setUp()
  await ask('1', null)

  await end('1', 'streaming')

  expect(statuses().at(-1)).toBe('a1 interrupted answer 1')
})

test('a prompt that waits is taken back without a word to the pi', async () => {
  const { calls, device, statuses, ask } = setUp()
  await ask('1', null)
  await ask('2', 'a1')

  const taken = await device.edit(editor => editor.cancelRun('r2'))
  await settle()

  expect(taken).toBe('taken-back')
  expect(statuses()).toEqual(['q1 complete question 1', 'a1 streaming', 'q2 complete question 2'])
  expect(calls).toHaveLength(1)
})

test('left, it can be taken back as it was; let go of, its running answer is stopped', async () => {
  const { calls, device, statuses, ask } = setUp()
  await ask('1', null)
  const before = statuses()

  const left = device.temporary.leave()
  expect(statuses()).toEqual([])
  if (left === null) throw new Error('Something was said')
  device.temporary.takeBack(left)
  expect(statuses()).toEqual(before)
  device.temporary.leave()
  device.temporary.letGo(left)
  await settle()

  expect(calls.at(-1)?.line).toBe('DELETE /api/runs/r1')
  expect(device.temporary.leave()).toBeNull()
})

test('what is done to other chats meanwhile goes to the device', async () => {
  const { device, touched } = setUp()

  await device.edit(editor =>
    editor.set({ kind: 'conversations', id: 'other', conversation_id: null }, { pinned_at: 1 }),
  )
  device.open('other')
  device.open('temporary')

  expect(touched).toEqual(['other', 'other'])
})

test('what the pi says while an act is under way is not undone by it', async () => {
  const { device, statuses, ask } = setUp()
  await ask('1', null)

  await device.edit(async editor => {
    await editor.set({ kind: 'conversations', id: 'temporary', conversation_id: null }, { title: 'A name' })
    const answer = device.chat(new AbortController().signal, 'temporary').value?.messages.get('a1')
    if (answer !== undefined) device.answerEnded({ ...answer, content: 'All of it', status: 'complete' })
  })

  expect(statuses().at(-1)).toBe('a1 complete All of it')
  expect(device.chat(new AbortController().signal, 'temporary').value?.conversation?.title).toBe('A name')
})

test('begins empty, under another name each time', () => {
  const [one, two] = [createTalk('one', 1), createTalk('two', 2)]

  expect([one.id, two.id]).toEqual(['one', 'two'])
  expect(one.rows.value.messages.size).toBe(0)
})
