import { expect, test } from 'vitest'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { rowRef } from '#shared/sync-row.ts'
import type { FeedRow } from '#shared/wire/sync.ts'
import { openMemoryStore } from '../../client/database/memory-store.ts'
import { editLocally } from '../../client/sync/local-edit.ts'
import type { FeedPage, SyncNet, SyncOutcome } from '../../client/sync/ports.ts'
import { createSyncEngine } from '../../client/sync/sync-engine.ts'
import type { SyncContext } from '../../client/sync/sync-meta.ts'
import { CHAT } from './device-setup.ts'
import { createFaultyDisk } from './faulty-disk.ts'
import { seededBytes } from './random-source.ts'
import { createVirtualNet } from './virtual-net.ts'
import { createVirtualServer } from './virtual-server.ts'
import { createVirtualTime, schedulerOf } from './virtual-time.ts'

/** An engine beside the real server core; `answers` take the place of the server's, one after another. */
async function setUp(answers: readonly SyncOutcome<FeedPage>[] = []) {
  const time = createVirtualTime(1_700_000_000_000)
  const life = { isAlive: true }
  const server = await createVirtualServer(time, 1)
  const disk = createFaultyDisk()
  const line = { isOnline: true, isPortal: false, calls: 0 }
  const faults = () => ({ drop: 0, duplicate: 0, truncate: 0, longestDelayMs: 0 })
  const real = createVirtualNet({ time, server, line, faults, seed: 1, life })
  const script = [...answers]
  const net: SyncNet = {
    ...real,
    sync: (request, signal) => {
      const scripted = script.shift()
      return scripted === undefined ? real.sync(request, signal) : Promise.resolve(scripted)
    },
  }
  const context: SyncContext = {
    store: openMemoryStore(disk, { later: null, atTurnEnd: time.atTurnEnd }),
    clock: { now: time.now },
    randomBytes: seededBytes(2),
    rules: DEVICE_RULES,
  }
  const faultsHeard: unknown[] = []
  const engine = createSyncEngine({
    ...{ context, net, scheduler: schedulerOf(time, life) },
    onFault: cause => faultsHeard.push(cause),
  })
  const advance = (ms: number) => time.run(time.now() + ms)
  return { time, server, disk, line, context, engine, advance, faultsHeard }
}

test('brings what was written to the server, and says how much is not there yet', async () => {
  const { context, engine, advance, server } = await setUp()
  engine.start()
  await advance(1000)
  await editLocally(context, editor => editor.put(rowRef('conversations', CHAT), { title: 'Tides' }))
  engine.edited({ isUrgent: false })
  await advance(40)
  const before = engine.status.current()

  await advance(1000)

  expect(before.pending).toBe(1)
  expect(engine.status.current()).toMatchObject({ link: 'idle', pending: 0, problem: null, progress: null })
  expect(server.feed()).toMatchObject([['conversations', CHAT, 1, null, 0, { title: 'Tides' }, {}]])
})

test('keeps working without the server, and catches up when it is woken', async () => {
  const { context, engine, advance, line } = await setUp()
  line.isOnline = false
  engine.start()
  await editLocally(context, editor => editor.put(rowRef('conversations', CHAT), { title: 'Tides' }))
  engine.edited({ isUrgent: true })
  await advance(1000)
  const offline = engine.status.current()

  line.isOnline = true
  engine.wake()
  await advance(1000)

  expect(offline).toMatchObject({ link: 'offline', pending: 1 })
  expect(engine.status.current()).toMatchObject({ link: 'idle', pending: 0 })
})

test('says that something else than its server answers', async () => {
  const { engine, advance, line } = await setUp()
  line.isPortal = true
  engine.start()

  await advance(1000)

  expect(engine.status.current()).toMatchObject({ link: 'broken', problem: { kind: 'not-understood' } })
})

test('stops asking a server that wants a newer program, keeps the queue, and asks again when woken', async () => {
  const { context, engine, advance, line } = await setUp([{ kind: 'upgrade' }])
  engine.start()
  await editLocally(context, editor => editor.put(rowRef('conversations', CHAT), { title: 'Tides' }))
  await advance(100_000)
  const refused = engine.status.current()
  const calls = line.calls

  await advance(100_000)
  expect(line.calls).toBe(calls)
  engine.wake()
  await advance(1000)

  expect(refused).toMatchObject({ link: 'refused', problem: { kind: 'upgrade' } })
  expect(engine.status.current()).toMatchObject({ link: 'idle', pending: 0 })
})

test('looks at once when it is told of something new, and not at all for what it has', async () => {
  const { engine, advance, line, server } = await setUp()
  engine.start()
  await advance(1000)
  const { calls } = line

  engine.poke({ epoch: server.epoch(), rev: 0 })
  await advance(1000)
  expect(line.calls).toBe(calls)
  engine.poke({ epoch: server.epoch(), rev: 1 })
  await advance(1000)

  expect(line.calls).toBe(calls + 1)
})

test('says that this device has no room, and goes on when there is', async () => {
  const { disk, engine, advance, faultsHeard } = await setUp()
  disk.fault = 'full'
  engine.start()
  await advance(500)
  const full = engine.status.current()

  disk.fault = 'none'
  await advance(60_000)

  expect(full).toMatchObject({ link: 'broken', problem: { kind: 'storage-full' } })
  expect(faultsHeard).toMatchObject([{ code: 'disk-full' }])
  expect(engine.status.current()).toMatchObject({ link: 'idle', problem: null })
})

test('begins as soon as its database answers, however it was at the start', async () => {
  const { context, disk, engine, advance } = await setUp()
  // What an older version of this program left is the first that a start writes.
  const line: FeedRow = ['settings', 'theme', 1, null, 0, { value: 'paper' }, {}]
  const waiting = { kind: 'settings', id: 'theme', era: 0, line }
  await context.store.transaction('write', tables => tables.unknown.put(waiting))
  disk.fault = 'lost'
  engine.start()
  await advance(500)
  const lost = engine.status.current()

  disk.fault = 'none'
  await advance(60_000)

  expect(lost).toMatchObject({ link: 'broken', problem: { kind: 'storage-lost' } })
  expect(engine.status.current()).toMatchObject({ link: 'idle', problem: null })
  expect(engine.status.current().lastSyncedAt).not.toBeNull()
})

test('puts its database aside when the server was put back for good, and starts anew', async () => {
  const { context, disk, engine, advance, server } = await setUp()
  engine.start()
  await advance(1000)
  const backup = server.backUp()
  await editLocally(context, editor => editor.put(rowRef('conversations', CHAT), { title: 'Unwanted' }))
  engine.edited({ isUrgent: false })
  await advance(1000)

  await server.restore(backup, 'replace')
  engine.wake()
  await advance(60_000)

  expect(disk.aside).toHaveLength(1)
  expect([...(disk.tables.conversations?.values() ?? [])]).toEqual([])
  expect(engine.status.current().link).toBe('idle')
})

test('does nothing any more once it was stopped', async () => {
  const { engine, advance, line } = await setUp()
  engine.start()
  engine.stop()

  await advance(60_000)

  expect(line.calls).toBe(0)
  expect(engine.status.current().link).toBe('stopped')
})
