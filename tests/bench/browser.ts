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
  }
}

async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
}
