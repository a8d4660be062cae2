import type { Scheduler } from '#shared/clock.ts'

/** The time of a whole simulated world: nothing in it happens but in here, one thing after another. */
export interface VirtualTime {
  now(): number
  /** Calls `work` after a delay; the function returned takes that back. */
  after(delayMs: number, work: () => void): () => void
  /** Calls `work` when the microtasks of the current event are done. */
  atTurnEnd(work: () => void): void
  /** Runs until `untilMs`, or until nothing is left to happen; returns false when there is still more to come. */
  run(untilMs: number): Promise<boolean>
  /** How many events are still to come. */
  waiting(): number
}

type Event = { readonly at: number; readonly order: number; work: (() => void) | null }

/** More events than this in one run mean that something goes round in circles. */
const MOST_EVENTS = 40_000

export function createVirtualTime(startMs: number): VirtualTime {
  let now = startMs
  let order = 0
  let count = 0
  const heap: Event[] = []
  let turnEnds: (() => void)[] = []

  function push(event: Event): void {
    let index = heap.length
    heap.push(event)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(event, heap[parent])) break
      heap[index] = heap[parent] ?? event
      index = parent
    }
    heap[index] = event
  }

  function pop(): Event | undefined {
    const [top] = heap
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left
      const event = heap[child]
      if (event === undefined || !isBefore(event, last)) break
      heap[index] = event
      index = child
    }
    heap[index] = last
    return top
  }

  async function drain(): Promise<void> {
    await microtasks()
    while (turnEnds.length > 0) {
      const ends = turnEnds
      turnEnds = []
      for (const work of ends) work()
      await microtasks()
    }
  }

  return {
    now: () => now,
    after: (delayMs, work) => {
      const event: Event = { at: now + Math.max(0, delayMs), order: order++, work }
      push(event)
      return () => {
        event.work = null
      }
    },
    atTurnEnd: work => {
      turnEnds.push(work)
    },
    run: async untilMs => {
      // Once in a while the rest of the process, so that it can collect what is garbage.
      await new Promise(resolve => {
        setImmediate(resolve)
      })
      await drain()
      for (;;) {
        const [first] = heap
        if (first === undefined || first.at > untilMs) {
          now = Math.max(now, untilMs)
          return first === undefined
        }
        pop()
        if (first.work === null) continue
        now = Math.max(now, first.at)
        if (++count > MOST_EVENTS) throw new Error('The world goes round in circles')
        first.work()
        await drain()
      }
    },
    waiting: () => heap.filter(event => event.work !== null).length,
  }
}

/** Resolves when no microtask is left: Node turns to its tick queue only then. Nothing in a world waits for the outside. */
function microtasks(): Promise<void> {
  return new Promise(resolve => {
    process.nextTick(resolve)
  })
}

function isBefore(left: Event | undefined, right: Event | undefined): boolean {
  if (left === undefined || right === undefined) return false
  return left.at === right.at ? left.order < right.order : left.at < right.at
}

/** A part of the world that can be killed: from then on nothing it waits for comes. */
export type Life = { isAlive: boolean }

/** The timers of one part of the world. */
export function schedulerOf(time: VirtualTime, life: Life): Scheduler {
  return {
    after: (delayMs, work) =>
      time.after(delayMs, () => {
        if (life.isAlive) work()
      }),
  }
}
