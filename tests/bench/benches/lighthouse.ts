import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { staticFiles } from '../../../server/http/static-files.ts'
import { launchBrowser } from '../../helpers/browser.ts'
import { writeShowcase } from '../../helpers/showcase.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { freePort } from '../child.ts'
import { needPeers } from '../need-peers.ts'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'

const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100 } as const
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)

/** A chat with its answers, as a new device on a slow phone opens it for the first time, judged by Lighthouse. */
export async function lighthouse(): Promise<readonly Row[]> {
  needPeers()
  // biome-ignore lint/correctness/useImportExtensions: its types stand in a .d.mts beside it
  const { audit } = await import('../peers/audit-page.mjs')
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  writeShowcase(join(folder, 'llm-router.db'), Date.now())
  const server = await startTestServer({ folder, client: staticFiles('dist') })
  try {
    const chats: readonly { readonly id: string }[] = await (await server.request('/api/conversations')).json()
    const rounds: Awaited<ReturnType<typeof audit>>[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const port = await freePort()
      // A browser of its own each time: nothing of the round before is kept.
      const browser = await launchBrowser({ debuggingPort: port })
      rounds.push(await audit(`${server.url}/c/${chats[0]?.id}`, port).finally(() => browser.close()))
    }
    for (const line of new Set(rounds.flatMap(({ lost }) => lost))) console.error(line)
    return Object.entries(LEAST).map(([name, least]) => ({
      what: `Lighthouse, a chat on a slow phone: ${name}`,
      unit: 'of 100',
      baseline: null,
      product: median(rounds.map(({ scores }) => scores[name] ?? Number.NaN)),
      target: { least },
    }))
  } finally {
    await server.close()
  }
}
