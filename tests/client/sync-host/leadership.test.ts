import { expect, test } from 'vitest'
import { createLeadership, type Leadership, type Locks } from '../../../client/sync-host/leadership.ts'
import { createManualScheduler, settle } from './manual-scheduler.ts'

/** The browser's locks: one holder, a queue, and stealing. */
function createLocks(): Locks {
  type Wish = {
    readonly hold: () => unknown
    readonly done: (end: unknown) => void
    readonly fail: (error: unknown) => void
  }
  const queue: Wish[] = []
  let holder: Wish | null = null
  const next = (): void => {
    if (holder !== null) return
    const wish = queue.shift()
    if (wish !== undefined) grant(wish)
  }
  const grant = (wish: Wish): void => {
    holder = wish
    Promise.resolve(wish.hold()).then(end => {
      if (holder !== wish) return
      holder = null
      wish.done(end)
      next()
    }, wish.fail)
  }
  const request: Locks['request'] = (_name, options, hold) =>
    new Promise((done, fail) => {
      const wish = { hold, done, fail }
      const abortError = () => new DOMException('The lock was taken.', 'AbortError')
      options.signal?.addEventListener('abort', () => {
        const index = queue.indexOf(wish)
        if (index < 0) return
        queue.splice(index, 1)
        fail(abortError())
      })
      if (options.steal !== true) {
        queue.push(wish)
        return next()
      }
      holder?.fail(abortError())
      grant(wish)
    })
  return { request }
}

type Tab = { readonly leadership: Leadership; readonly isLeader: () => boolean; readonly faults: readonly unknown[] }

/** Tabs of one browser that hear each other, unless one is frozen. */
function createTabs(locks: Locks | null): {
  readonly open: () => Tab
  readonly freeze: () => void
  readonly pass: (ms: number) => Promise<void>
} {
  const { scheduler, pass } = createManualScheduler()
  const tabs: Leadership[] = []
  let isFrozen = false
  return {
    open: () => {
      let isLeader = false
      const faults: unknown[] = []
      const leadership = createLeadership({
        locks,
        scheduler,
        beat: () => {
          if (isFrozen) return
          for (const other of tabs) other.heard()
        },
        onChange: isNow => {
          isLeader = isNow
        },
        onFault: cause => faults.push(cause),
      })
      tabs.push(leadership)
      return { leadership, isLeader: () => isLeader, faults }
    },
    freeze: () => {
      isFrozen = true
    },
    pass: async ms => {
      for (let left = ms; left > 0; left -= 500) {
        pass(Math.min(left, 500))
        await settle()
      }
    },
  }
}

test('the first tab leads, and the second takes over when it is closed', async () => {
  const tabs = createTabs(createLocks())
  const [first, second] = [tabs.open(), tabs.open()]
  await tabs.pass(20_000)
  const before = [first.isLeader(), second.isLeader()]

  first.leadership.stop()
  await settle()

  expect(before).toEqual([true, false])
  expect(second.isLeader()).toBe(true)
})

test('a tab that is looked at takes over from a leader that is silent for ten seconds', async () => {
  const tabs = createTabs(createLocks())
  const [first, second] = [tabs.open(), tabs.open()]
  second.leadership.setVisible(true)
  await tabs.pass(18_000)
  const before = [first.isLeader(), second.isLeader()]

  tabs.freeze()
  await tabs.pass(9_500)
  const patient = second.isLeader()
  await tabs.pass(1_000)

  expect(before).toEqual([true, false])
  expect(patient).toBe(false)
  expect([first.isLeader(), second.isLeader()]).toEqual([false, true])
  expect([...first.faults, ...second.faults]).toEqual([])
})

test('a tab in the background lets a silent leader be, until somebody looks at it', async () => {
  const tabs = createTabs(createLocks())
  const [first, second] = [tabs.open(), tabs.open()]
  tabs.freeze()
  await tabs.pass(60_000)
  const before = [first.isLeader(), second.isLeader()]

  second.leadership.setVisible(true)
  await tabs.pass(10_500)

  expect(before).toEqual([true, false])
  expect([first.isLeader(), second.isLeader()]).toEqual([false, true])
})

test('a leader whose place was taken follows, and leads again when it is free', async () => {
  const tabs = createTabs(createLocks())
  const [first, second] = [tabs.open(), tabs.open()]
  second.leadership.setVisible(true)
  tabs.freeze()
  await tabs.pass(10_500)
  const between = [first.isLeader(), second.isLeader()]

  second.leadership.stop()
  await settle()

  expect(between).toEqual([false, true])
  expect(first.isLeader()).toBe(true)
})

test('every tab leads where the browser has no locks', () => {
  const tabs = createTabs(null)

  const [first, second] = [tabs.open(), tabs.open()]

  expect([first.isLeader(), second.isLeader()]).toEqual([true, true])
})
