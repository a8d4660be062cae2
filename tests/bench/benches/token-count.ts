import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createTokenCounter, type TokenCounter } from '../../../server/providers/tokens/token-counter.ts'
import { createTextMaker } from '../made-up-text.ts'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'

const SMALL = 100_000
const LARGE = 1_000_000
const SMALL_PARTS = 3
const WHOLE = LARGE + SMALL * SMALL_PARTS
const NANOSECONDS_PER_MS = 1_000_000

/** Ten times the text should take ten times as long, whatever the text; a little more is let pass for noise. */
export async function tokenCount(): Promise<readonly Row[]> {
  const counter = createTokenCounter()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  try {
    await counter.count(['The worker reads its table before it counts.'])
    const texts = { 'the letter a': 'a'.repeat(WHOLE), Chinese: chinese(), Markdown: markdown() }
    loop.enable()
    const rows: Row[] = []
    for (const [name, text] of Object.entries(texts)) rows.push(await compareSizes(counter, name, text))
    loop.disable()
    const blocked = loop.max / NANOSECONDS_PER_MS
    return [
      ...rows,
      {
        what: 'tokens: longest block of the event loop',
        unit: 'ms',
        baseline: null,
        product: blocked,
        target: { most: 50 },
      },
    ]
  } finally {
    await counter.close()
  }
}

/** Every part is counted once only: the counter remembers words, and a second time would be no measure of the first. */
async function compareSizes(counter: TokenCounter, name: string, text: string): Promise<Row> {
  const smallTimes: number[] = []
  for (let start = LARGE; start < LARGE + SMALL * SMALL_PARTS; start += SMALL) {
    smallTimes.push(await timeOf(counter, text.slice(start, start + SMALL)))
  }
  return {
    what: `tokens of 1 MB: ${name}`,
    unit: 'ms',
    baseline: { name: '100 kB', value: median(smallTimes) },
    product: await timeOf(counter, text.slice(0, LARGE)),
    target: { mostRatio: 13, most: 2000 },
  }
}

async function timeOf(counter: TokenCounter, text: string): Promise<number> {
  const startedAt = performance.now()
  await counter.count([text])
  return performance.now() - startedAt
}

function chinese(): string {
  const text = createTextMaker(1)
  return Array.from({ length: WHOLE / 20 }, () => `${text.han(19)}。`).join('')
}

function markdown(): string {
  const text = createTextMaker(2)
  let written = ''
  while (written.length < WHOLE) {
    written += `## ${text.sentence(5)}\n\n${text.sentence(40)} **${text.sentence(3)}**\n\n- \`${text.sentence(2)}\`\n- ${text.sentence(8)}\n\n`
  }
  return written.slice(0, WHOLE)
}
