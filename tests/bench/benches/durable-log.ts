import { askMany } from '../ask.ts'
import type { Row } from '../row.ts'
import { startProduct, type Target } from '../servers.ts'
import { median } from '../statistics.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'
import { withServers } from '../with-servers.ts'

const STREAMS = 50
const PROMPTS = { model: 'paced-150-20', count: STREAMS, atOnce: STREAMS, startGapMs: 10 }
/** Until then some streams are still being started. */
const STEADY_FROM = 25
const HOOK = new URL('../hooks/without-event-log.ts', import.meta.url).href

/** What it costs a reader that every piece also goes to the disk: the same product with and without its log. */
export function durableLog(): Promise<readonly Row[]> {
  return withServers(async ({ upstream, product }) => {
    const bare = await startProduct(upstream.child.url, { nodeOptions: ['--import', HOOK] })
    try {
      for (const target of [bare, product]) await delayOf(target)
      const without = subject(() => delayOf(bare))
      const logged = subject(() => delayOf(product))
      await takeTurns(4, [without, logged])
      return [
        {
          what: `durable log, ${STREAMS} streams: token delay, p50`,
          unit: 'ms',
          baseline: { name: 'without', value: medianOf(without, delay => delay) },
          product: medianOf(logged, delay => delay),
          target: { mostRatio: 1.05 },
        },
      ]
    } finally {
      await bare.child.stop()
    }
  })
}

async function delayOf(target: Target): Promise<number> {
  return median((await askMany(target, PROMPTS)).flatMap(answer => answer.delaysMs.slice(STEADY_FROM)))
}
