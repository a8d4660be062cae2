import { expect, test } from 'vitest'
import {
  createMarkdownCompiler,
  type MarkdownWorker,
  type WorkerMessage,
} from '../../../client/markdown/markdown-compiler.ts'
import type { MarkdownPiece } from '../../../client/markdown/markdown-tree.ts'
import type { Scheduler } from '../../../shared/clock.ts'

class FakeWorker extends EventTarget implements MarkdownWorker {
  readonly received: MarkdownPiece[] = []
  isTerminated = false

  postMessage(piece: MarkdownPiece): void {
    this.received.push(piece)
  }

  terminate(): void {
    this.isTerminated = true
  }

  say(data: WorkerMessage): void {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

class FakeScheduler implements Scheduler {
  readonly waiting = new Map<() => void, number>()

  after(delayMs: number, work: () => void): () => void {
    this.waiting.set(work, delayMs)
    return () => void this.waiting.delete(work)
  }

  runAll(): void {
    for (const work of [...this.waiting.keys()]) {
      this.waiting.delete(work)
      work()
    }
  }
}

function setUp() {
  const workers: FakeWorker[] = []
  const scheduler = new FakeScheduler()
  const spawn = (): FakeWorker => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }
  return {
    workers,
    scheduler,
    compiler: createMarkdownCompiler({ spawn, scheduler, budgetMs: 250, loadBudgetMs: 9000 }),
  }
}

const answer = {
  answer: {
    stable: null,
    open: { length: 1, inside: null, nodes: [], definitions: [], footnotes: [], calls: [], asked: [] },
  },
} as const

function piece(text: string): MarkdownPiece {
  return { text, inside: null, definitions: [], footnotes: [], split: null }
}

test('starts a worker with the first piece and sends it when the worker is ready', () => {
  const { workers, compiler } = setUp()

  void compiler.compile(piece('a'))
  const early = workers[0]?.received.length
  workers[0]?.say('ready')

  expect([workers.length, early, workers[0]?.received]).toEqual([1, 0, [piece('a')]])
})

test('sends one piece at a time, in the order of the calls', async () => {
  const { workers, compiler } = setUp()
  const first = compiler.compile(piece('a'))
  const second = compiler.compile(piece('b'))
  workers[0]?.say('ready')
  const sent = workers[0]?.received.length

  workers[0]?.say(answer)
  workers[0]?.say(answer)

  expect(sent).toBe(1)
  expect(await Promise.all([first, second])).toEqual([
    { state: 'answered', ...answer },
    { state: 'answered', ...answer },
  ])
})

test('gives a piece its budget only once the worker has loaded', () => {
  const { workers, scheduler, compiler } = setUp()
  void compiler.compile(piece('a'))
  const whileLoading = [...scheduler.waiting.values()]

  workers[0]?.say('ready')

  expect([whileLoading, [...scheduler.waiting.values()]]).toEqual([[9000], [250]])
})

test('ends a worker whose piece takes too long and gives the next piece a new one', async () => {
  const { workers, scheduler, compiler } = setUp()
  const slow = compiler.compile(piece('slow'))
  const next = compiler.compile(piece('next'))
  workers[0]?.say('ready')

  scheduler.runAll()
  workers[1]?.say('ready')
  workers[1]?.say(answer)

  expect(await slow).toEqual({ state: 'failed', reason: 'timed-out' })
  expect(await next).toEqual({ state: 'answered', ...answer })
  expect([workers[0]?.isTerminated, workers[1]?.received]).toEqual([true, [piece('next')]])
})

test('does not take the late answer of an ended worker for the next one', async () => {
  const { workers, scheduler, compiler } = setUp()
  void compiler.compile(piece('slow'))
  const next = compiler.compile(piece('next'))
  workers[0]?.say('ready')
  scheduler.runAll()

  workers[0]?.say(answer)
  workers[1]?.dispatchEvent(new Event('error'))

  expect(await next).toEqual({ state: 'failed', reason: 'worker-broken' })
})

test('fails a piece when the worker cannot be loaded', async () => {
  const { scheduler, compiler } = setUp()
  const outcome = compiler.compile(piece('a'))

  scheduler.runAll()

  expect(await outcome).toEqual({ state: 'failed', reason: 'worker-broken' })
})

test('leaves no timer behind when all is done', () => {
  const { workers, scheduler, compiler } = setUp()
  void compiler.compile(piece('a'))
  workers[0]?.say('ready')

  workers[0]?.say(answer)

  expect(scheduler.waiting.size).toBe(0)
})
