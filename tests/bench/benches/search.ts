import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../server/database/open-database.ts'
import { writeDataSet } from '../data-set.ts'
import { createTextMaker } from '../made-up-text.ts'
import type { Row } from '../row.ts'
import { startProduct } from '../servers.ts'
import { percentile } from '../statistics.ts'

const SEED = 20_261_123
const DATA_SET = { conversations: 10_000, messagesEach: 20, seed: SEED }
const QUERIES_OF_A_KIND = 40
/** A scan reads everything, whatever is asked. */
const SCANS = 5

/** `GET /api/search` over HTTP in 200,000 messages; the baseline reads all of them, as SQL without an index does. */
export async function search(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  try {
    const path = join(folder, 'llm-router.db')
    writeDataSet(path, DATA_SET)
    const queries = makeQueries()
    return [
      {
        what: 'search in 200,000 messages, p95',
        unit: 'ms',
        baseline: { name: 'scan', value: scanP95(path, queries) },
        product: await searchP95(folder, queries),
        target: { most: 20 },
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Common and rare words, two of them, phrases, beginnings of words and a script without spaces, mixed. */
function makeQueries(): string[] {
  const text = createTextMaker(SEED + 2)
  return Array.from({ length: QUERIES_OF_A_KIND }, (_, index) => [
    `${text.word(index)} `,
    `${text.word(500 + 400 * index)} `,
    `${text.word(index)} ${text.word(100 + index)} `,
    `"${text.word(index)} ${text.word(index + 1)}"`,
    text.word(1000 + 10 * index).slice(0, 3),
    text.han(2),
  ]).flat()
}

async function searchP95(folder: string, queries: readonly string[]): Promise<number> {
  // No prompt is sent, so nothing has to answer at the address.
  const { child } = await startProduct('http://127.0.0.1:9', { folder })
  try {
    const times: number[] = []
    let hits = 0
    for (const query of queries) {
      const startedAt = performance.now()
      const response = await fetch(`${child.url}/api/search?q=${encodeURIComponent(query)}`)
      const found: unknown = await response.json()
      times.push(performance.now() - startedAt)
      if (!Array.isArray(found)) throw new Error(`Search answered ${response.status}`)
      hits += found.length
    }
    if (hits < queries.length) throw new Error('The queries find next to nothing: this would measure misses')
    return percentile(times, 0.95)
  } finally {
    await child.stop()
  }
}

function scanP95(path: string, queries: readonly string[]): number {
  const sqlite = openDatabase(path)
  try {
    const scan = sqlite.prepare('SELECT id FROM messages WHERE content LIKE ? ORDER BY rowid DESC')
    const times = queries.slice(0, SCANS).map(query => {
      const startedAt = performance.now()
      scan.all(`%${query.trim()}%`)
      return performance.now() - startedAt
    })
    return percentile(times, 0.95)
  } finally {
    sqlite.close()
  }
}
