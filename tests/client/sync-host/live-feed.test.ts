import { expect, test } from 'vitest'
import { createLiveFeed, type LiveFeed } from '../../../client/sync-host/live-feed.ts'
import type { LiveEvent } from '../../../client/sync-host/parse.ts'
import { createManualScheduler, settle } from './manual-scheduler.ts'

type Line = { say(text: string): Promise<void>; end(): Promise<void>; readonly isDropped: () => boolean }

/** A server whose lines the test holds in its hand. `answer` says how each call is met. */
function createWorld(answer: () => 'stream' | 'html' | 'unreachable' = () => 'stream') {
  const { scheduler, pass } = createManualScheduler()
  const lines: Line[] = []
  const events: LiveEvent[] = []
  const faults: unknown[] = []
  const paths: unknown[] = []
  let calls = 0
  let lost = 0
  const feed: LiveFeed = createLiveFeed({
    fetch: async (path, init) => {
      calls += 1
      paths.push(path)
      const how = answer()
      if (how === 'unreachable') throw new TypeError('Failed to fetch')
      if (how === 'html') return new Response('<html>', { headers: { 'Content-Type': 'text/html' } })
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
      const writer = writable.getWriter()
      let isDropped = false
      writer.closed.catch(() => {
        isDropped = true
      })
      init?.signal?.addEventListener('abort', () => void writer.abort(init.signal?.reason))
      lines.push({
        say: async text => {
          await writer.write(new TextEncoder().encode(text))
          await settle()
        },
        end: async () => {
          await writer.close()
          await settle()
        },
        isDropped: () => isDropped,
      })
      return new Response(readable, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } })
    },
    scheduler,
    randomBytes: length => new Uint8Array(length).fill(128),
    onEvent: event => events.push(event),
    onLost: () => {
      lost += 1
    },
    onFault: cause => faults.push(cause),
    isSeen: true,
  })
  const wait = async (ms: number): Promise<void> => {
    pass(ms)
    await settle()
  }
  const line = (index: number): Line => {
    const found = lines[index]
    if (found === undefined) throw new Error(`There is no line ${index}`)
    return found
  }
  return { feed, line, paths, events, faults, wait, calls: () => calls, lost: () => lost }
}

test('passes pokes and runs on, however they are cut, and leaves out what it does not know', async () => {
  const world = createWorld()
  await settle()

  await world.line(0).say('event: poke\ndata: {"rev":7,"ep')
  await world.line(0).say('och":"e"}\n\n: alive\n\nevent: later\ndata: {}\n\nevent: poke\ndata: no json\n\n')
  await world.line(0).say('event: run\ndata: {"id":"r","state":"done","message_id":"m"}\n\n')

  expect(world.events).toEqual([
    { kind: 'poke', at: { rev: 7, epoch: 'e' } },
    { kind: 'run', run: { id: 'r', state: 'done', message_id: 'm' } },
  ])
})

test('gives a line up after 35 seconds of silence, and opens another', async () => {
  const world = createWorld()
  await settle()
  await world.line(0).say(': alive\n\n')
  await world.wait(34_000)
  await world.line(0).say(': alive\n\n')
  await world.wait(34_000)
  const alive = [world.calls(), world.lost()]

  await world.wait(1000)
  await world.wait(1000)

  expect(alive).toEqual([1, 0])
  expect([world.calls(), world.lost()]).toEqual([2, 1])
  expect(world.line(0).isDropped()).toBe(true)
  expect(world.faults).toEqual([])
})

test('says that something may have been missed when the server ends the line', async () => {
  const world = createWorld()
  await settle()
  await world.line(0).say(': alive\n\n')

  await world.line(0).end()
  await world.wait(1000)

  expect([world.lost(), world.calls()]).toEqual([1, 2])
})

test('waits longer after each failure, and not at all when the page wakes', async () => {
  const world = createWorld(() => 'unreachable')
  await settle()
  for (const ms of [1000, 2000, 4000]) await world.wait(ms)
  await world.wait(4000)
  const before = world.calls()

  world.feed.reopen()
  await world.wait(0)

  expect([before, world.calls()]).toEqual([4, 5])
  expect([world.lost(), world.faults]).toEqual([0, []])
})

test('takes a captive portal for no line', async () => {
  const world = createWorld(() => 'html')
  await settle()

  await world.wait(1000)

  expect([world.calls(), world.lost(), world.faults]).toEqual([2, 0, []])
})

test('drops a line that looks well when the page wakes, and hears it no more', async () => {
  const world = createWorld()
  await settle()
  world.feed.reopen()
  await world.wait(0)

  await world.line(1).say('event: poke\ndata: {"rev":1,"epoch":"e"}\n\n')

  expect(world.line(0).isDropped()).toBe(true)
  expect([world.events.length, world.calls()]).toEqual([1, 2])
})

test('says on its line whether somebody can see a page, with one new line a change', async () => {
  const world = createWorld()
  await settle()

  world.feed.setSeen(false)
  await world.wait(0)
  const hidden = [...world.paths]
  world.feed.setSeen(true)
  world.feed.reopen()
  world.feed.setSeen(true)
  await world.wait(0)

  expect(hidden).toEqual(['/api/live', '/api/live?page=hidden'])
  expect(world.paths).toEqual(['/api/live', '/api/live?page=hidden', '/api/live'])
  expect([0, 1, 2].map(index => world.line(index).isDropped())).toEqual([true, true, false])
})

test('does nothing more once it is stopped', async () => {
  const world = createWorld()
  await settle()

  world.feed.stop()
  await world.wait(120_000)

  expect(world.line(0).isDropped()).toBe(true)
  expect([world.calls(), world.lost()]).toEqual([1, 0])
})
