import { askMany } from '../ask.ts'
import type { Row } from '../row.ts'
import type { Target } from '../servers.ts'
import { median } from '../statistics.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'
import { withServers } from '../with-servers.ts'

const LARGE_PROMPT = 'A prompt of two hundred thousand letters. '.repeat(5000).slice(0, 200_000)

/** One prompt after the other, each of 200 kB. */
export function largePrompt(): Promise<readonly Row[]> {
  return withServers(async ({ upstream, pipe, product }) => {
    const prompts = { model: 'paced-1-1', count: 40, atOnce: 1, prompt: LARGE_PROMPT }
    const timeOf = async (target: Target) => median((await askMany(target, prompts)).map(answer => answer.firstTokenMs))
    for (const target of [upstream, pipe, product]) await timeOf(target)
    const direct = subject(() => timeOf(upstream))
    const passed = subject(() => timeOf(pipe))
    const routed = subject(() => timeOf(product))
    await takeTurns(3, [direct, passed, routed])
    const floor = medianOf(direct, time => time)
    return [
      {
        what: '200 kB prompt: added to the first token, p50',
        unit: 'ms',
        baseline: { name: 'pipe', value: medianOf(passed, time => time) - floor },
        product: medianOf(routed, time => time) - floor,
        target: { most: 2.5 },
      },
    ]
  })
}
