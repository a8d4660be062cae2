import { describe, expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { askAnswer, askPrompt } from '../../../client/actions/ask-prompt.ts'
import { moveFollowers, withdrawPrompt } from '../../../client/actions/withdraw-prompt.ts'
import { createMemoryDisk } from '../../../client/database/memory-disk.ts'
import { openMemoryStore } from '../../../client/database/memory-store.ts'
import { parseMessageRow } from '../../../client/device/parse.ts'
import { withUnanswered } from '../../../client/stores/unanswered.ts'
import { editLocally, type LocalEditor } from '../../../client/sync/local-edit.ts'
import { listOutbox } from '../../../client/sync/outbox.ts'
import { prepareRequest } from '../../../client/sync/prepare-request.ts'
import type { SyncContext } from '../../../client/sync/sync-meta.ts'
import { REAL_TURNS } from '../../helpers/real-turns.ts'
import { seededBytes } from '../../sync/random-source.ts'

const NOW = 1_700_000_000_000
const HOUR_MS = 3_600_000

function setUp() {
  let now = NOW
  const randomBytes = seededBytes(1)
  const newId = () => makeId(now, randomBytes)
  const store = openMemoryStore(createMemoryDisk(), REAL_TURNS)
  const context: SyncContext = { store, clock: { now: () => now }, randomBytes, rules: DEVICE_RULES }
  const conversationId = newId()
  const edit = <Result>(work: (editor: LocalEditor) => Promise<Result>) => editLocally(context, work)

  async function ask(text: string, parentId: string | null) {
    const ids = { questionId: newId(), answerId: newId(), runId: newId() }
    await edit(editor => askPrompt(editor, { ...ids, conversationId, parentId, text, model: 'manual/manual' }))
    return ids
  }
  async function facts() {
    return store.transaction('read', async tables => {
      const rows = await tables.messages.range({})
      const outbox = await listOutbox(tables, context)
      const messages = new Map(rows.flatMap(row => parseMessageRow(row) ?? []).map(row => [row.id, row]))
      return { messages: withUnanswered(messages, conversationId, outbox), outbox, newId }
    })
  }
  async function answerOf(id: string) {
    const answer = (await facts()).messages.get(id)
    if (answer === undefined) throw new Error('no such answer')
    return answer
  }
  /** What the server would be told now. */
  const pushed = () =>
    store.transaction('durable-write', async tables => {
      const { muts } = await prepareRequest(tables, context, { pageRows: 100, isReached: true })
      return muts
    })
  const texts = async () =>
    [...(await facts()).messages.values()].filter(({ role }) => role === 'user').map(row => row.content)
  const wait = (milliseconds: number) => {
    now += milliseconds
  }
  return { conversationId, newId, edit, ask, facts, answerOf, pushed, texts, wait }
}

describe('a prompt', () => {
  test('makes its chat, its question and its empty answer in one step, in the order the server needs', async () => {
    const { ask, pushed, edit, conversationId } = setUp()
    const { questionId, answerId } = await ask('Is the **sky** blue?', null)

    const conversation = await edit(editor => editor.read(rowRef('conversations', conversationId)))
    const answer = await edit(editor => editor.read(messageRef(conversationId, answerId)))

    expect(conversation).toMatchObject({ title: 'Is the sky blue?', active_leaf_id: answerId, updated_at: NOW })
    expect(answer).toMatchObject({ parent_id: questionId, role: 'assistant', status: 'queued' })
    expect((await pushed()).map(({ op }) => op)).toEqual(['put', 'put', 'run.start', 'set'])
  })

  test('changes nothing when its chat was deleted for good meanwhile', async () => {
    const { ask, edit, conversationId, newId, facts } = setUp()
    const { questionId } = await ask('One', null)
    await edit(editor => editor.purge(rowRef('conversations', conversationId)))

    const asking = edit(editor =>
      askAnswer(editor, { conversationId, questionId, answerId: newId(), runId: newId(), model: 'manual/manual' }),
    )

    await expect(asking).rejects.toMatchObject({ code: 'not-found' })
    expect((await facts()).outbox).toEqual([])
  })
})

describe('taking a prompt back', () => {
  test('leaves nothing of it for the server to ask', async () => {
    const { ask, edit, facts, answerOf, pushed, texts } = setUp()
    const { answerId } = await ask('Not so fast', null)
    const [answer, known] = [await answerOf(answerId), await facts()]

    const isBack = await edit(editor => withdrawPrompt(editor, answer, known))

    expect(isBack).toBe(true)
    expect(await texts()).toEqual([])
    expect((await pushed()).map(({ op }) => op)).not.toContain('run.start')
  })

  test('keeps the question when another answer hangs on it', async () => {
    const { ask, edit, facts, answerOf, texts, conversationId, newId } = setUp()
    const { questionId } = await ask('Once more', null)
    const again = newId()
    await edit(editor =>
      askAnswer(editor, { conversationId, questionId, answerId: again, runId: newId(), model: 'manual/manual' }),
    )
    const [answer, known] = [await answerOf(again), await facts()]

    await edit(editor => withdrawPrompt(editor, answer, known))

    expect(await texts()).toEqual(['Once more'])
  })

  test('asks the server to stop one that may have left, and keeps its question', async () => {
    const { ask, edit, facts, answerOf, pushed, texts } = setUp()
    const { answerId } = await ask('Gone already', null)
    await pushed()
    const [answer, known] = [await answerOf(answerId), await facts()]

    const isBack = await edit(editor => withdrawPrompt(editor, answer, known))

    expect(isBack).toBe(false)
    expect(await texts()).toEqual(['Gone already'])
    expect((await pushed()).map(({ op }) => op)).toContain('run.cancel')
  })

  test('takes back one that is held, which has no row of its own any more', async () => {
    const { ask, edit, facts, answerOf, pushed, texts, wait } = setUp()
    const { answerId } = await ask('Yesterday’s question', null)
    wait(13 * HOUR_MS)
    await pushed()
    const [answer, known] = [await answerOf(answerId), await facts()]
    expect(known.outbox.map(({ state, reason }) => [state, reason])).toEqual([['held', 'too-old']])

    await edit(editor => withdrawPrompt(editor, answer, known))

    expect((await facts()).outbox).toEqual([])
    expect(await texts()).toEqual([])
  })

  test('moves what was queued behind it to where it was, in its order', async () => {
    const { ask, edit, facts, answerOf } = setUp()
    const one = await ask('One', null)
    const two = await ask('Two', one.answerId)
    await ask('Three', two.answerId)
    const [answer, known] = [await answerOf(one.answerId), await facts()]

    await edit(async editor => {
      await withdrawPrompt(editor, answer, known)
      await moveFollowers(editor, known, { from: one.answerId, to: null })
    })

    const { messages, outbox } = await facts()
    const questions = outbox.map(({ prompt }) => messages.get(prompt.user_message_id))
    expect(questions.map(row => row?.content)).toEqual(['Two', 'Three'])
    expect(questions.map(row => row?.parent_id)).toEqual([null, outbox[0]?.prompt.message_id])
  })
})
