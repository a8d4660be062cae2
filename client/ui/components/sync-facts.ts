import type { StorageFacts } from '../../platform/device-storage.ts'
import type { SyncStatus } from '../../sync/sync-status.ts'
import type { StorageState } from '../../sync-host/sync-host.ts'
import { formatClock, formatCount } from '../format.ts'
import type { Fact } from './facts.ts'

const MEGABYTE = 1_000_000

type Known = {
  readonly status: SyncStatus | null
  readonly storage: StorageFacts
  readonly hasDatabase: boolean
}

/** What is kept on this device, and what of it is not anywhere else. */
export function syncFacts({ status, storage, hasDatabase }: Known): readonly Fact[] {
  const facts: Fact[] = []
  if (!hasDatabase) facts.push({ name: 'kept here', value: 'nothing', tone: 'err' })
  if (status !== null) {
    const { pending, lastSyncedAt, progress } = status
    const waiting = `${formatCount(pending)} ${pending === 1 ? 'change' : 'changes'}`
    facts.push({ name: 'not yet on your pi', value: waiting, tone: pending === 0 ? 'ok' : 'warn' })
    facts.push({
      name: 'last synced',
      value: lastSyncedAt === null ? 'not since this page opened' : formatClock(lastSyncedAt),
    })
    if (progress !== null) {
      const copied = `${progress.loaded} of ${progress.total}`
      const value = progress.isPaused ? `${copied}, the others when you open them` : copied
      facts.push({ name: 'chats copied', value })
    }
    if (progress?.isPaused === true && hasDatabase) {
      facts.push({ name: 'room', value: 'full: old chats stay on your pi', tone: 'warn' })
    }
  }
  if (storage.isPersisted !== null) {
    facts.push({
      name: 'browser may clear it',
      value: storage.isPersisted ? 'no' : 'when room is short',
      ...(storage.isPersisted ? { tone: 'ok' as const } : {}),
    })
  }
  if (storage.usedBytes !== null && storage.quotaBytes !== null) {
    facts.push({ name: 'room used', value: `${megabytes(storage.usedBytes)} of ${megabytes(storage.quotaBytes)} MB` })
  }
  return facts
}

/** Why the sync has stopped and what to do about it; empty while it goes on. */
export function problemWords(status: SyncStatus | null, storage: StorageState): string {
  if (storage.kind === 'reload') return 'This page has to be loaded anew before anything more is written here.'
  const problem = status?.problem ?? null
  switch (problem?.kind) {
    case undefined:
      return ''
    case 'upgrade':
      return 'This page is older than the pi. Reload to bring it up to date; your changes are kept.'
    case 'too-new':
      return 'This page is newer than the pi. Your changes wait here until the pi is brought up to date.'
    case 'not-understood':
      return 'Something answered that is not your pi: perhaps a log-in page of this network. Your changes wait here.'
    case 'server':
      return `The pi said no: ${problem.error.message} Your changes wait here.`
    case 'storage-full':
      return 'This device is full. Make room; what you wrote is kept, and nothing new comes in meanwhile.'
    case 'storage-lost':
      return 'The browser’s database does not answer. Reload this page; what was kept is still there.'
    default:
      return problem satisfies never
  }
}

function megabytes(bytes: number): string {
  return formatCount(Math.round(bytes / MEGABYTE))
}
