import { askMany } from '../ask.ts'
import type { Row } from '../row.ts'
import type { Target } from '../servers.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'
import { withServers } from '../with-servers.ts'

const COUNT = 400

/** Prompts answered in one token, four at a time: what a request costs that is nearly nothing but a request. */
export function shortRequests(): Promise<readonly Row[]> {
  return withServers(async ({ pipe, product }) => {
    const cpuOf = async (target: Target, count: number) => {
      const before = target.child.cpuSeconds()
      await askMany(target, { model: 'paced-1-1', count, atOnce: 4 })
      return ((target.child.cpuSeconds() - before) * 1000) / count
    }
    for (const target of [pipe, product]) await cpuOf(target, 300)
    const passed = subject(() => cpuOf(pipe, COUNT))
    const routed = subject(() => cpuOf(product, COUNT))
    await takeTurns(3, [passed, routed])
    return [
      {
        what: 'one-token requests: CPU each',
        unit: 'ms',
        baseline: { name: 'pipe', value: medianOf(passed, cpu => cpu) },
        product: medianOf(routed, cpu => cpu),
        target: { mostRatio: 3 },
      },
    ]
  })
}
