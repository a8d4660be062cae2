import { setTimeout as sleep } from 'node:timers/promises'
import type { Row } from '../row.ts'
import { startPipe, startProduct, startUpstream, type Target } from '../servers.ts'
import { medianOf, subject, takeTurns } from '../subject.ts'

const ROUNDS = 5
/** Long enough for what follows the first answer: the list of models, the first collection. */
const SETTLE_MS = 1000

/** Start to the first `/health`, and the memory held a second later; the pipe stands for Node itself. */
export async function start(): Promise<readonly Row[]> {
  const upstream = await startUpstream()
  try {
    const bare = subject(() => sample(startPipe(upstream)))
    const whole = subject(() => sample(startProduct(upstream.child.url)))
    await takeTurns(ROUNDS, [bare, whole])
    return [
      {
        what: 'start to /health',
        unit: 'ms',
        baseline: { name: 'pipe', value: medianOf(bare, ({ startMs }) => startMs) },
        product: medianOf(whole, ({ startMs }) => startMs),
        target: { most: 400 },
      },
      {
        what: 'memory at rest (RSS)',
        unit: 'MB',
        baseline: { name: 'pipe', value: medianOf(bare, ({ megabytes }) => megabytes) },
        product: medianOf(whole, ({ megabytes }) => megabytes),
        target: { most: 90 },
      },
    ]
  } finally {
    await upstream.child.stop()
  }
}

async function sample(starting: Promise<Target>) {
  const { child } = await starting
  await sleep(SETTLE_MS)
  const megabytes = child.residentMegabytes()
  await child.stop()
  return { startMs: child.startMs, megabytes }
}
