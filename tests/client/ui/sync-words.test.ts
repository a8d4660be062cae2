import { expect, test } from 'vitest'
import type { SyncStatus } from '../../../client/sync/sync-status.ts'
import { syncFacts } from '../../../client/ui/components/sync-facts.ts'
import { type SyncView, syncWords } from '../../../client/ui/components/sync-words.ts'

const AT = new Date(2026, 10, 23, 14, 5).getTime()

function view(status: Partial<SyncStatus>, rest: Partial<SyncView> = {}): SyncView {
  return {
    status: { link: 'idle', problem: null, pending: 0, lastSyncedAt: AT, progress: null, ...status },
    storage: { kind: 'kept' },
    isAllHere: true,
    late: 0,
    mostLate: rest.late ?? 0,
    queuedPrompts: 0,
    ...rest,
  }
}

test.each([
  ['all is here and there', view({}), '✓ synced'],
  ['the server is away and nothing waits', view({ link: 'offline' }), '✓ synced 14:05'],
  ['prompts wait', view({ link: 'offline', pending: 8 }, { late: 8, queuedPrompts: 2 }), '↑ 2 queued'],
  ['other changes wait', view({ link: 'offline', pending: 3 }, { late: 3 }), '↑ 3 queued'],
  ['a long queue leaves', view({ link: 'syncing', pending: 9 }, { late: 9, mostLate: 12 }), '↑ 3 of 12'],
  ['half of a queue is left', view({ link: 'offline', pending: 9 }, { late: 9, mostLate: 12 }), '↑ 9 queued'],
  [
    'old chats have no room',
    view({ progress: { loaded: 8, total: 9, isPaused: true } }, { isAllHere: false }),
    '✓ synced',
  ],
  ['nothing is kept', view({}, { storage: { kind: 'memory' } }), '▲ not kept here'],
  ['a change leaves at once', view({ pending: 1 }), '✓ synced'],
  [
    'chats are being copied',
    view({ progress: { loaded: 118, total: 312, isPaused: false } }, { isAllHere: false }),
    '↓ 118 of 312',
  ],
  ['the first copy has only begun', view({}, { isAllHere: false }), ''],
  ['the server said no', view({ link: 'refused', problem: { kind: 'upgrade' } }), '▲ sync stopped'],
  ['the page must be loaded anew', view({}, { storage: { kind: 'reload', reason: 'upgraded' } }), '▲ sync stopped'],
  ['nothing is known yet', view({}, { status: null }), ''],
])('when %s the line says %s', (_when, known, words) => {
  expect(syncWords(known).words).toBe(words)
})

test('the sheet counts every change that is not on the server, and says what the browser promises', () => {
  const { status } = view({ pending: 8, lastSyncedAt: null })
  const storage = { isPersisted: false, usedBytes: 12_000_000, quotaBytes: 2_100_000_000 }

  expect(syncFacts({ status, storage, hasDatabase: true })).toEqual([
    { name: 'not yet on your pi', value: '8 changes', tone: 'warn' },
    { name: 'last synced', value: 'not since this page opened' },
    { name: 'browser may clear it', value: 'when room is short' },
    { name: 'room used', value: '12 of 2,100 MB' },
  ])
})
