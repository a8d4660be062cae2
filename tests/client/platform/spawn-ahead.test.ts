import { expect, test } from 'vitest'
import { spawnAhead } from '../../../client/platform/spawn-ahead.ts'

class StartedWorker extends EventTarget implements Worker {
  onmessage = null
  onmessageerror = null
  onerror = null
  postMessage = () => undefined
  isEnded = false
  terminate = () => {
    this.isEnded = true
  }
}

function counted(): { readonly started: StartedWorker[]; readonly spawn: () => Worker } {
  const started: StartedWorker[] = []
  return {
    started,
    spawn: () => {
      const worker = new StartedWorker()
      started.push(worker)
      return worker
    },
  }
}

test('the worker that was started ahead is given once, and each other call starts another', () => {
  const { started, spawn } = counted()

  const { take } = spawnAhead(spawn)
  expect(started).toHaveLength(1)

  expect(take()).toBe(started[0])
  expect(take()).toBe(started[1])
  expect(started).toHaveLength(2)
})

test('a worker whose file was not fetched is given to nobody', () => {
  const { started, spawn } = counted()
  const { take } = spawnAhead(spawn)

  started[0]?.dispatchEvent(new Event('error'))

  expect(take()).toBe(started[1])
})

test('a worker that nobody took is ended, and one that was taken is not', () => {
  const { started, spawn } = counted()
  const [unwanted, wanted] = [spawnAhead(spawn), spawnAhead(spawn)]
  wanted.take()

  unwanted.drop()
  wanted.drop()

  expect(started.map(({ isEnded }) => isEnded)).toEqual([true, false])
})
