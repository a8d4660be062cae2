import { signal } from '@preact/signals-core'
import type { Device, KeepingDevice } from '../../client/device/device.ts'
import { createTalk } from '../../client/device/temporary-talk.ts'

/** Fails the test that comes here. */
export function never(): never {
  throw new Error('Nothing was to be asked here')
}

/** A device of which nothing is asked but what a test puts into it. */
export const UNUSED_STORE: KeepingDevice = {
  conversations: never,
  putAway: never,
  chat: never,
  calls: never,
  spending: never,
  ledger: never,
  ledgerStart: never,
  titles: never,
  syncLog: signal([]),
  personas: never,
  lost: never,
  heldHere: never,
  dismiss: never,
  settings: never,
  id: never,
  drafts: { read: never, write: never },
  status: signal({ link: 'idle', problem: null, pending: 0, lastSyncedAt: null, progress: null }),
  storage: signal({ kind: 'kept' }),
  outbox: signal([]),
  edit: never,
  search: signal({ kind: 'away' }),
  find: never,
  lookAhead: never,
  open: never,
  wake: never,
}

export const UNUSED_DEVICE: Device = {
  ...UNUSED_STORE,
  answerEnded: never,
  temporary: { talk: signal(createTalk('none', 0)), leave: never, takeBack: never, letGo: never },
}
