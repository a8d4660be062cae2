import { expect, test } from 'vitest'
import type { FeedRow } from '#shared/wire/sync.ts'
import { createFirstLoad } from '../../client/sync/first-load.ts'
import type { RowsPage, SyncNet } from '../../client/sync/ports.ts'
import { CHAT, chatLine, messageLine, NOW, setUpDevice, tombstoneLine } from './device-setup.ts'

const never = new AbortController().signal
const OTHER = '019b0000-0000-7000-8000-00000000000b'
const otherLine: FeedRow = ['conversations', OTHER, 2, null, 0, { created_at: NOW, updated_at: NOW + 9 }, {}]

function page(rows: readonly FeedRow[], trailer: Partial<RowsPage['trailer']> = {}): RowsPage {
  return { rows, trailer: { end: 'rows', epoch: 'one', before: null, done: [], after: null, ...trailer } }
}

/** A server that says what the test tells it to, and notes what it was asked. */
function scriptedNet(script: Partial<{ lists: RowsPage[]; messages: RowsPage[]; heads: number[] }>) {
  const asked: unknown[] = []
  const next = (pages: RowsPage[] | undefined) => ({ kind: 'page', page: pages?.shift() ?? page([]) }) as const
  const net: SyncNet = {
    sync: () => Promise.resolve({ kind: 'offline' }),
    boot: () => {
      const rev = script.heads?.shift() ?? 5
      return Promise.resolve({
        kind: 'page',
        page: { epoch: 'one', now: NOW, head: [rev, `nonce ${rev}`], conversations: 2, messages: 2 },
      })
    },
    conversationRows: before => {
      asked.push(['list', before])
      return Promise.resolve(next(script.lists))
    },
    kindRows: kind => {
      asked.push(['kind', kind])
      return Promise.resolve({ kind: 'page', page: page([]) })
    },
    messageRows: (conversations, after) => {
      asked.push(['messages', conversations, after])
      return Promise.resolve(next(script.messages))
    },
  }
  return { net, asked }
}

type Load = ReturnType<typeof createFirstLoad>

async function steps(load: Load, count: number): Promise<void> {
  for (let step = 0; step < count; step++) await load.step(never)
}

test('sets the cursor to where the feed stands, then fetches the list, the small kinds and the messages, newest first', async () => {
  const device = setUpDevice()
  const { net, asked } = scriptedNet({
    lists: [page([otherLine], { before: 'x' }), page([chatLine(1, { updated_at: NOW })])],
    messages: [page([messageLine('m', 3)], { done: [OTHER, CHAT] })],
  })
  const load = createFirstLoad(device.context, net)

  await steps(load, 10)

  expect(asked).toEqual([
    ['list', null],
    ['list', 'x'],
    ['kind', 'personas'],
    ['kind', 'settings'],
    ['kind', 'attachments'],
    ['kind', 'usage_logs'],
    ['messages', [OTHER, CHAT], null],
  ])
  expect(device.meta()).toMatchObject({ cursor: [5, 'nonce 5'], epoch: 'one', first_load: { phase: 'done' } })
  expect(device.rows('messages')).toMatchObject([{ id: 'm', conversation_id: CHAT, rev: 3 }])
  expect(device.rows('unloaded')).toEqual([])
})

test('goes on after a crash where the last whole page ended', async () => {
  const device = setUpDevice()
  await steps(createFirstLoad(device.context, scriptedNet({ lists: [page([otherLine], { before: 'x' })] }).net), 2)
  const { net, asked } = scriptedNet({})

  await steps(createFirstLoad(device.context, net), 1)

  expect(asked).toEqual([['list', 'x']])
  expect(device.rows('unloaded')).toMatchObject([{ id: OTHER }])
})

test('fetches the conversation that is open before all others, and the others while it is being stored', async () => {
  const device = setUpDevice()
  const { net, asked } = scriptedNet({ lists: [page([otherLine, chatLine(1, { updated_at: NOW })])] })
  const load = createFirstLoad(device.context, net)
  await steps(load, 7)

  load.prefer(CHAT)
  await steps(load, 1)

  expect(asked.slice(-2)).toEqual([
    ['messages', [CHAT], null],
    ['messages', [OTHER], null],
  ])
})

test('goes on within a conversation that did not fit into one page', async () => {
  const device = setUpDevice()
  const { net, asked } = scriptedNet({
    lists: [page([chatLine(1, { updated_at: NOW })])],
    messages: [page([messageLine('m', 3)], { after: [CHAT, 'm'] }), page([messageLine('n', 4)], { done: [CHAT] })],
  })

  await steps(createFirstLoad(device.context, net), 9)

  expect(asked.slice(-2)).toEqual([
    ['messages', [CHAT], null],
    ['messages', [CHAT], [CHAT, 'm']],
  ])
  expect(device.rows('messages')).toMatchObject([{ id: 'm' }, { id: 'n' }])
})

test('fetches a conversation from its beginning when one of its pages was not stored', async () => {
  const device = setUpDevice()
  const { net, asked } = scriptedNet({
    lists: [page([chatLine(1, { updated_at: NOW })])],
    messages: [page([messageLine('m', 3)], { after: [CHAT, 'm'], epoch: 'another' })],
  })
  const load = createFirstLoad(device.context, net)

  await steps(load, 9)

  expect(asked.slice(-3)).toEqual([
    ['messages', [CHAT], null],
    ['messages', [CHAT], [CHAT, 'm']],
    ['messages', [CHAT], null],
  ])
})

test('a late page does not bring back what the feed has purged meanwhile', async () => {
  const device = setUpDevice()
  const { net } = scriptedNet({
    lists: [page([chatLine(1, { updated_at: NOW })])],
    messages: [page([messageLine('m', 3)], { done: [CHAT] })],
  })
  const load = createFirstLoad(device.context, net)
  await steps(load, 7)

  await device.reply(await device.request(), [tombstoneLine(6)])
  await steps(load, 1)

  expect(device.rows('messages')).toEqual([])
  expect(device.rows('conversations')).toMatchObject([{ purged: true }])
})

test('fetches the messages of a conversation that slipped past the list, because it changed while that was read', async () => {
  const device = setUpDevice()
  const { net, asked } = scriptedNet({ lists: [page([otherLine])], heads: [5, 8] })
  const load = createFirstLoad(device.context, net)
  await steps(load, 3)

  await device.reply(await device.request(), [chatLine(7, { updated_at: NOW + 99 })])
  await steps(load, 5)

  expect(asked.at(-1)).toEqual(['messages', [CHAT, OTHER], null])
})

test('takes nothing of another history', async () => {
  const device = setUpDevice()
  const { net } = scriptedNet({ lists: [page([otherLine], { epoch: 'two' })] })
  const load = createFirstLoad(device.context, net)
  await steps(load, 1)

  const end = await load.step(never)

  expect(end).toEqual({ kind: 'stale' })
  expect(device.rows('conversations')).toEqual([])
})
