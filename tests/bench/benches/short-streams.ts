import { askMany } from '../ask.ts'
import type { Row } from '../row.ts'
import type { Target } from '../servers.ts'
import { median, percentile } from '../statistics.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'
import { withServers } from '../with-servers.ts'

const ROUNDS = 3
const PROMPTS = { model: 'paced-5-5', count: 160, atOnce: 4 }

/**
 * Four short streams at a time, which the limit for one person lets through. What a way adds to the first token is its time
 * less the median of the same prompts without any proxy; the way back alone is from the upstream's write to our read.
 */
export function shortStreams(): Promise<readonly Row[]> {
  return withServers(async ({ upstream, pipe, product }) => {
    for (const target of [upstream, pipe, product]) await askMany(target, { ...PROMPTS, count: 200 })
    const direct = subject(() => sample(upstream))
    const passed = subject(() => sample(pipe))
    const routed = subject(() => sample(product))
    await takeTurns(ROUNDS, [direct, passed, routed])
    const floor = medianOf(direct, ({ p50 }) => p50)
    const baseline = (value: number) => ({ name: 'pipe', value })
    return [
      {
        what: '4 short streams: added to the first token, p50',
        unit: 'ms',
        baseline: baseline(medianOf(passed, ({ p50 }) => p50) - floor),
        product: medianOf(routed, ({ p50 }) => p50) - floor,
        target: { mostRatio: 1.2 },
      },
      {
        what: '4 short streams: added to the first token, p99',
        unit: 'ms',
        baseline: baseline(medianOf(passed, ({ p99 }) => p99) - floor),
        product: medianOf(routed, ({ p99 }) => p99) - floor,
        target: { mostRatio: 1.5 },
      },
      {
        what: '4 short streams: first token, way back alone, p50',
        unit: 'ms',
        baseline: baseline(medianOf(passed, ({ back }) => back)),
        product: medianOf(routed, ({ back }) => back),
        target: { mostRatio: 1.2 },
      },
    ]
  })
}

async function sample(target: Target) {
  const answers = await askMany(target, PROMPTS)
  const times = answers.map(answer => answer.firstTokenMs)
  const back = median(answers.map(answer => answer.delaysMs[0] ?? Number.NaN))
  return { p50: median(times), p99: percentile(times, 0.99), back }
}
