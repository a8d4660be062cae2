import { expect, test } from 'vitest'
import { spawnAhead } from '../../../client/platform/spawn-ahead.ts'

class StartedWorker extends EventTarget implements Worker {
  onmessage = null
  onmessageerror = null
  onerror = null
  postMessage = () => undefined
  terminate = () => undefined
}

function counted(): { readonly started: Worker[]; readonly spawn: () => Worker } {
  const started: Worker[] = []
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

  const take = spawnAhead(spawn)
  expect(started).toHaveLength(1)

  expect(take()).toBe(started[0])
  expect(take()).toBe(started[1])
  expect(started).toHaveLength(2)
})

test('a worker whose file was not fetched is given to nobody', () => {
  const { started, spawn } = counted()
  const take = spawnAhead(spawn)

  started[0]?.dispatchEvent(new Event('error'))

  expect(take()).toBe(started[1])
})
