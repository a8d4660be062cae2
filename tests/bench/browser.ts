import { once } from 'node:events'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { CDPSession, Page } from 'playwright-core'

/** A page's files on a port of their own, without the product's headers: a peer may use what its policy forbids. */
export async function servePages(files: Hono): Promise<{ readonly url: string; close(): void }> {
  const server: Server = Object(serve({ fetch: files.fetch, hostname: '127.0.0.1', port: 0 }))
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    close: () => server.close(),
  }
}

/** The page's main thread, measured in its own processor time, which other work on the machine hardly moves. */
export type MainThread = {
  /** Milliseconds of processor time that `work` takes on it. */
  measure(work: () => Promise<unknown>): Promise<number>
  /** Makes it so many times slower. */
  slowDown(rate: number): Promise<void>
  /** Clears away what earlier work has left, which would else be counted with later work. */
  collectGarbage(): Promise<void>
}

export async function watchMainThread(page: Page): Promise<MainThread> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return {
    async measure(work) {
      const before = await taskMs(session)
      await work()
      return (await taskMs(session)) - before
    },
    slowDown: async rate => {
      await session.send('Emulation.setCPUThrottlingRate', { rate })
    },
    collectGarbage: async () => {
      await session.send('HeapProfiler.collectGarbage')
    },
  }
}

async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
}

/** Milliseconds of processor time that the main thread takes from the navigation to the first contentful paint, so many times slower. */
export async function mainThreadUntilPaint(
  page: Page,
  { url, rate }: { readonly url: string; readonly rate: number },
): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value.map(parseTraceEvent)))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['toplevel', 'loading', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
    },
  })
  await session.send('Page.enable')
  await session.send('Page.setLifecycleEventsEnabled', { enabled: true })
  // Asked for in the page, the paint would come after what asks for it.
  const painted = new Promise<void>(resolve =>
    session.on('Page.lifecycleEvent', ({ name }) => {
      if (name === 'firstContentfulPaint') resolve()
    }),
  )
  await page.goto(url, { waitUntil: 'commit' })
  await painted
  const over = new Promise(resolve => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await over
  return threadMs(events)
}

type TraceEvent = {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds; `tdur` is the thread's own. */
  readonly ts: number
  readonly tdur: number
}

function parseTraceEvent(event: Readonly<Record<string, unknown>>): TraceEvent {
  const number = (name: string): number => Number(event[name] ?? 0)
  return { name: String(event['name']), pid: number('pid'), tid: number('tid'), ts: number('ts'), tdur: number('tdur') }
}

/** The sum of the tasks on the thread that painted, up to that paint. */
function threadMs(events: readonly TraceEvent[]): number {
  const paint = events.find(({ name }) => name === 'firstContentfulPaint')
  // Each task is told of a second time under the name of what runs it.
  const tasks = events.filter(
    ({ name, pid, tid, ts }) => name === 'RunTask' && pid === paint?.pid && tid === paint.tid && ts < paint.ts,
  )
  if (tasks.length === 0) return Number.NaN
  return tasks.reduce((sum, { tdur }) => sum + tdur, 0) / 1_000
}
