import { askMany } from '../ask.ts'
import type { Row } from '../row.ts'
import type { Target } from '../servers.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'
import { withServers } from '../with-servers.ts'

const STREAMS = 32
const TOKENS = 5000
const ROUNDS = 3

/** Answers that come without pause. Upstream and reader share the machine, so tokens are set against the server's own CPU time. */
export function flood(): Promise<readonly Row[]> {
  return withServers(async ({ pipe, product }) => {
    for (const target of [pipe, product]) await cpuOf(target, 2000)
    const passed = subject(() => cpuOf(pipe, TOKENS))
    const routed = subject(() => cpuOf(product, TOKENS))
    await takeTurns(ROUNDS, [passed, routed])
    const pipeCpu = medianOf(passed, cpu => cpu)
    const productCpu = medianOf(routed, cpu => cpu)
    return [
      {
        what: `flood, ${STREAMS} streams: CPU a million tokens`,
        unit: 's',
        baseline: { name: 'pipe', value: pipeCpu },
        product: productCpu,
        target: { mostRatio: 1.5 },
      },
      {
        what: `flood, ${STREAMS} streams: tokens a second of one core`,
        unit: 'thousand',
        baseline: { name: 'pipe', value: 1000 / pipeCpu },
        product: 1000 / productCpu,
        target: { least: 180 },
      },
    ]
  })
}

/** Seconds of processor time for a million tokens. */
async function cpuOf(target: Target, tokens: number): Promise<number> {
  const before = target.child.cpuSeconds()
  const answers = await askMany(target, { model: `flood-${tokens}`, count: STREAMS, atOnce: STREAMS })
  const cpuSeconds = target.child.cpuSeconds() - before
  const read = answers.reduce((sum, answer) => sum + answer.delaysMs.length, 0)
  if (read !== STREAMS * tokens) throw new Error(`${read} tokens came of ${STREAMS * tokens}`)
  return (cpuSeconds * 1_000_000) / read
}
