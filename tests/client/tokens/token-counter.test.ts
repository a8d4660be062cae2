import { expect, test } from 'vitest'
import type { CountReply, CountRequest } from '#shared/count-messages.ts'
import { createTokenCounter } from '../../../client/tokens/token-counter.ts'
import { createManualScheduler } from '../sync-host/manual-scheduler.ts'

/** A worker that counts letters when it is told to. */
class FakeWorker extends EventTarget {
  readonly requests: CountRequest[] = []
  isEnded = false

  postMessage(request: CountRequest): void {
    this.requests.push(request)
  }

  terminate(): void {
    this.isEnded = true
  }

  reply(index: number): void {
    const request = this.requests[index]
    if (request === undefined) throw new Error('no such request')
    const data: CountReply = { id: request.id, counts: request.texts.map(text => text.length) }
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

function setUp() {
  const life = new AbortController()
  const { scheduler, pass } = createManualScheduler()
  const workers: FakeWorker[] = []
  const spawn = (): FakeWorker => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }
  return { counter: createTokenCounter(life.signal, { spawn, scheduler, idleMs: 1_000 }), pass, workers, life }
}

test('starts no worker before something is to be counted, and one for all that is', async () => {
  const { counter, workers } = setUp()
  expect(workers).toHaveLength(0)
  const [first, second] = [counter.count(['a']), counter.count(['bb', 'ccc'])]
  workers[0]?.reply(1)
  workers[0]?.reply(0)

  expect(await Promise.all([first, second])).toEqual([[1], [2, 3]])
  expect(workers).toHaveLength(1)
})

test('ends a worker that has been idle, and starts another for the next text', async () => {
  const { counter, workers, pass } = setUp()
  const first = counter.count(['a'])
  workers[0]?.reply(0)
  await first
  pass(1_000)
  expect(workers[0]?.isEnded).toBe(true)

  const next = counter.count(['bb'])
  workers[1]?.reply(0)

  expect(await next).toEqual([2])
})

test('does not end a worker that has been asked again', async () => {
  const { counter, workers, pass } = setUp()
  const first = counter.count(['a'])
  workers[0]?.reply(0)
  await first
  pass(999)
  const second = counter.count(['b'])
  pass(1_000)

  expect(workers[0]?.isEnded).toBe(false)
  workers[0]?.reply(1)
  expect(await second).toEqual([1])
})

test('says that it cannot count when its worker is broken, and tries again with the next text', async () => {
  const { counter, workers } = setUp()
  const first = counter.count(['a'])
  workers[0]?.dispatchEvent(new Event('error'))
  expect(await first).toBeNull()

  const next = counter.count(['bb'])
  workers[1]?.reply(0)

  expect(await next).toEqual([2])
})

test('ends with the page, and leaves nobody waiting', async () => {
  const { counter, workers, life } = setUp()
  const first = counter.count(['a'])

  life.abort()

  expect(await first).toBeNull()
  expect(workers[0]?.isEnded).toBe(true)
})
