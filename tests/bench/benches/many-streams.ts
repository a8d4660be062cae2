import { askMany } from '../ask.ts'
import type { Row } from '../row.ts'
import type { Target } from '../servers.ts'
import { percentile } from '../statistics.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'
import { withServers } from '../with-servers.ts'

const STREAMS = 200
const TOKENS = 300
const GAP_MS = 20
const START_GAP_MS = 10
/** Until then some streams are still being started. */
const STEADY_FROM = (STREAMS * START_GAP_MS) / GAP_MS
const ROUNDS = 3

/**
 * Two hundred answers at a time, fifty tokens a second each. The delay is from the upstream's write to our read, once all
 * are running; the processor time is that of whole answers, with their start and end.
 */
export function manyStreams(): Promise<readonly Row[]> {
  return withServers(async ({ pipe, product }) => {
    for (const target of [pipe, product]) await sample(target, 150)
    const passed = subject(() => sample(pipe, TOKENS))
    const routed = subject(() => sample(product, TOKENS))
    await takeTurns(ROUNDS, [passed, routed])
    const name = `${STREAMS} streams, 50 tokens/s each`
    const compared = (pick: (sample: Sample) => number) => ({
      baseline: { name: 'pipe', value: medianOf(passed, pick) },
      product: medianOf(routed, pick),
    })
    return [
      { what: `${name}: token delay, p50`, unit: 'ms', ...compared(({ p50 }) => p50), target: { most: 1 } },
      { what: `${name}: token delay, p99`, unit: 'ms', ...compared(({ p99 }) => p99), target: { most: 10 } },
      { what: `${name}: CPU a million tokens`, unit: 's', ...compared(({ cpu }) => cpu), target: { mostRatio: 1.6 } },
    ]
  })
}

type Sample = { readonly p50: number; readonly p99: number; readonly cpu: number }

async function sample(target: Target, tokens: number): Promise<Sample> {
  const before = target.child.cpuSeconds()
  const answers = await askMany(target, {
    model: `paced-${tokens}-${GAP_MS}`,
    count: STREAMS,
    atOnce: STREAMS,
    startGapMs: START_GAP_MS,
  })
  const cpuSeconds = target.child.cpuSeconds() - before
  const delays = answers.flatMap(answer => answer.delaysMs.slice(STEADY_FROM))
  return {
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    cpu: (cpuSeconds * 1_000_000) / (STREAMS * tokens),
  }
}
