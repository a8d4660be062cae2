import { expect, test } from 'vitest'
import { type MutationBody, overlayRow } from '#shared/sync-overlay.ts'
import { messageRef, rowRef, type SyncRow } from '#shared/sync-row.ts'

const chat = rowRef('conversations', 'c')
const server: SyncRow = {
  ...{ id: 'c', rev: 5, era: 0, purged: false, at: { title: [20, 'tablet'] } },
  ...{ title: 'Tides', tags: ['sea'], created_at: 10, future_field: 'kept' },
}

test('lays later sets over the server’s row and leaves earlier ones out', () => {
  const set: MutationBody = {
    ...{ op: 'set', kind: 'conversations', id: 'c' },
    set: { title: ['Too late', [19, 'phone']], model: ['fake/one', [30, 'phone']] },
  }

  expect(overlayRow(chat, server, [set])).toEqual({
    ...server,
    model: 'fake/one',
    at: { title: [20, 'tablet'], model: [30, 'phone'] },
  })
})

test('adds and removes tags one by one', () => {
  const set: MutationBody = {
    ...{ op: 'set', kind: 'conversations', id: 'c' },
    set: { 'tags/moon': [true, [30, 'phone']], 'tags/sea': [false, [30, 'phone']] },
  }

  expect(overlayRow(chat, server, [set])?.['tags']).toEqual(['moon'])
})

test('makes a row of a put where the server has none, with the defaults of its kind', () => {
  const put: MutationBody = {
    ...{ op: 'put', kind: 'conversations', id: 'c' },
    set: { title: ['Tides', [10, 'phone']], created_at: [10, [10, 'phone']] },
  }

  expect(overlayRow(chat, null, [put])).toMatchObject({ id: 'c', rev: 0, title: 'Tides', tags: [], deleted_at: null })
})

test('a put does not change what is fixed in a row that is there', () => {
  const put: MutationBody = {
    ...{ op: 'put', kind: 'conversations', id: 'c' },
    set: { title: ['Newer', [40, 'phone']], created_at: [40, [40, 'phone']] },
  }

  expect(overlayRow(chat, server, [put])).toMatchObject({ title: 'Newer', created_at: 10 })
})

test('leaves a tombstone after a purge, whatever follows', () => {
  const purge: MutationBody = { op: 'purge', kind: 'conversations', id: 'c' }
  const set: MutationBody = { op: 'set', kind: 'conversations', id: 'c', set: { title: ['Back', [99, 'phone']] } }

  expect(overlayRow(chat, server, [purge, set])).toEqual({ id: 'c', rev: 5, era: 0, at: {}, purged: true })
})

test('shows the answer a prompt waits for as queued, until the server’s row is there', () => {
  const start: MutationBody = {
    ...{ op: 'run.start', id: 'run', conversation_id: 'c', user_message_id: 'q', message_id: 'a', model: 'fake/one' },
    created_at: 50,
  }
  const answer = messageRef('c', 'a')
  const streaming: SyncRow = { id: 'a', rev: 7, era: 0, at: {}, purged: false, status: 'streaming' }

  expect(overlayRow(answer, null, [start])).toMatchObject({
    ...{ conversation_id: 'c', parent_id: 'q', role: 'assistant', status: 'queued', run_id: 'run', created_at: 50 },
  })
  expect(overlayRow(answer, streaming, [start])).toBe(streaming)
})
