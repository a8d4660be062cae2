import { expect, test } from 'vitest'
import { mergeUp, rescueAnswer } from '#shared/sync-merge-up.ts'
import type { SyncRow } from '#shared/sync-row.ts'

const base = { rev: 9, era: 0, purged: false, created_at: 10 } as const
const chat: SyncRow = {
  ...{ ...base, id: 'c', at: { title: [40, 'phone'], 'tags/sea': [30, 'phone'] } },
  ...{ title: 'Tides', tags: ['sea'], model: null, future_field: 'the server’s alone' },
}

test('puts a row that the backup does not hold, with the clocks its values had', () => {
  expect(mergeUp('conversations', chat, null)).toEqual({
    ...{ op: 'put', kind: 'conversations', id: 'c' },
    set: {
      created_at: [10, [10, '']],
      title: ['Tides', [40, 'phone']],
      model: [null, [10, '']],
      'tags/sea': [true, [30, 'phone']],
    },
  })
})

test('sets only the fields that are newer here than in the backup', () => {
  const server: SyncRow = {
    ...base,
    id: 'c',
    rev: 3,
    at: { title: [20, 'phone'] },
    title: 'Old',
    tags: ['sea'],
    model: null,
  }

  expect(mergeUp('conversations', chat, server)).toEqual({
    ...{ op: 'set', kind: 'conversations', id: 'c', set: { title: ['Tides', [40, 'phone']] } },
  })
})

test('says nothing where the backup says the same, or says it later', () => {
  expect(mergeUp('conversations', chat, { ...chat, rev: 3, at: {} })).toBeNull()
  expect(mergeUp('conversations', chat, { ...chat, rev: 3, title: 'Later', at: { title: [50, 'tablet'] } })).toBeNull()
})

test('purges again what lives in the backup, and leaves a tombstone where the backup knows nothing', () => {
  const tombstone: SyncRow = { ...base, id: 'c', at: {}, purged: true }
  const purge = { op: 'purge', kind: 'conversations', id: 'c' }

  expect(mergeUp('conversations', tombstone, { ...chat, rev: 3 })).toEqual(purge)
  expect(mergeUp('conversations', tombstone, null)).toEqual(purge)
  expect(mergeUp('conversations', chat, tombstone)).toBeNull()
})

test('brings an answer back with what its run wrote, and not as one that is still being written', () => {
  const answer: SyncRow = {
    ...{ ...base, id: 'a', at: {}, conversation_id: 'c', parent_id: 'q', role: 'assistant', attachments: [] },
    ...{ content: 'High wat', status: 'streaming', run_id: 'run', cost_nanousd: 1200 },
  }

  const body = mergeUp('messages', answer, null)

  expect(body?.op === 'put' && body.set).toMatchObject({
    content: ['High wat', [10, '']],
    status: ['interrupted', [10, '']],
    run_id: ['run', [10, '']],
    cost_nanousd: [1200, [10, '']],
  })
})

test('rescues an answer that the backup holds only in part as another version of it, under one id for all devices', () => {
  const answer: SyncRow = {
    ...{
      ...base,
      id: '019b0000-0000-7000-8000-0000000000a0',
      at: {},
      role: 'assistant',
      content: 'High water twice a day.',
    },
  }

  expect(rescueAnswer(answer, { ...answer, content: 'High wat' })).toMatchObject({
    ...{ op: 'put', kind: 'messages', id: '019b0000-0000-7000-8000-0000000000af' },
    set: { content: ['High water twice a day.', [10, '']] },
  })
  expect(rescueAnswer(answer, { ...answer, content: 'High water twice a day. Mostly.' })).toBeNull()
})

test('leaves the ledger to the server', () => {
  expect(mergeUp('usage_logs', { ...base, id: 'u', at: {} }, null)).toBeNull()
})
