import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { staticFiles } from '../../../server/http/static-files.ts'
import { DESK, launchProfile } from '../../helpers/browser.ts'
import { buildBenchPage } from '../build-bench-page.ts'
import { needPeers } from '../need-peers.ts'
import { ENGINES, type EngineName, type Measured, type Task } from '../pages/search-engine.ts'
import type { Row } from '../row.ts'

const SEED = 20_261_123
const CONVERSATIONS = Number(process.env['BENCH_CONVERSATIONS'] ?? 10_000)
/** What takes longer is written down as not done. */
const PATIENCE_MS = 600_000
const MEGABYTE = 1_000_000

type Result = Measured & {
  readonly engine: EngineName
  readonly builtMegabytes: number
  readonly openMegabytes: number
}

/** The index of a device in 200,000 messages, in a real browser, beside what else could have been taken. */
export async function deviceSearch(): Promise<readonly Row[]> {
  needPeers()
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  try {
    await buildBenchPage('index.html', folder)
    const results: Result[] = []
    for (const engine of wanted()) {
      const result = await measure(folder, engine).catch((error: unknown) => {
        console.error(`${engine}: ${String(error).slice(0, 300)}`)
        return null
      })
      if (result === null) continue
      console.error(describe(result))
      results.push(result)
    }
    return rowsOf(results)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function wanted(): readonly EngineName[] {
  const named = process.env['BENCH_ENGINES']?.split(',') ?? ENGINES
  return ENGINES.filter(engine => named.includes(engine))
}

/** Each engine gets a browser of its own: built in one worker, measured, and opened again after a restart of the page. */
async function measure(folder: string, engine: EngineName): Promise<Result> {
  const server = serve({ fetch: staticFiles(folder).fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise(resolve => server.once('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  // A private window has its files in another process, and each access to them is a call to that.
  const profile = await launchProfile(join(folder, `profile-${engine}`), DESK)
  const browser = profile.browser()
  if (browser === null) throw new Error('A profile has a browser')
  try {
    const page = await profile.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const memory = async (): Promise<number> => {
      const session = await browser.newBrowserCDPSession()
      const { processInfo } = await session.send('SystemInfo.getProcessInfo')
      await session.detach()
      return Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => megabytesOf(id)))
    }
    const run = async (task: Task) => {
      await page.goto(url)
      const before = await memory()
      const measured: Measured = await page.evaluate(given => Reflect.get(window, 'runTask')(given), task)
      return { measured, megabytes: (await memory()) - before }
    }
    const built = await run({ do: 'build', engine, conversations: CONVERSATIONS, seed: SEED })
    await page.goto('about:blank')
    const opened = await run({ do: 'reopen', engine, seed: SEED })
    return {
      ...built.measured,
      engine,
      firstMs: opened.measured.firstMs,
      builtMegabytes: built.megabytes,
      openMegabytes: opened.megabytes,
    }
  } finally {
    await profile.close()
    server.close()
  }
}

/** What of a process lies in memory, by Linux's own count. */
function megabytesOf(processId: number): number {
  const pages = Number(readFileSync(`/proc/${processId}/statm`, 'utf8').split(' ')[1])
  return (pages * 4096) / MEGABYTE
}

function describe({ engine, buildMs, bytes, addMs, firstMs, kinds, builtMegabytes, openMegabytes }: Result): string {
  const times = Object.entries(kinds).map(
    ([kind, { p50Ms, p95Ms, found }]) => `${kind} ${p50Ms.toFixed(1)}/${p95Ms.toFixed(1)} (${found})`,
  )
  const sizes = `stored ${(bytes / MEGABYTE).toFixed(0)} MB, memory ${builtMegabytes.toFixed(0)} MB built, ${openMegabytes.toFixed(0)} MB opened`
  return `${engine}: built ${(buildMs / 1000).toFixed(1)} s, first answer ${firstMs.toFixed(0)} ms, one more ${addMs.toFixed(2)} ms, ${sizes}; p50/p95 ms (found): ${times.join(', ')}`
}

function rowsOf(results: readonly Result[]): readonly Row[] {
  const product = results.find(({ engine }) => engine === 'product')
  const peer = results.find(({ engine }) => engine === 'sqlite')
  if (product === undefined) throw new Error('The product itself was not measured')
  const row = (what: string, unit: string, value: (result: Result) => number, most: number): Row => ({
    what: `device search, ${what}`,
    unit,
    baseline: peer === undefined ? null : { name: 'sqlite-wasm', value: value(peer) },
    product: value(product),
    target: { most },
  })
  const worst = ({ kinds }: Result): number => Math.max(...Object.values(kinds).map(({ p95Ms }) => p95Ms))
  return [
    row('slowest kind of query, p95', 'ms', worst, 5),
    row('200,000 messages indexed', 's', ({ buildMs }) => buildMs / 1000, 10),
    row('first answer after a start', 'ms', ({ firstMs }) => firstMs, 150),
    row('one more message', 'ms', ({ addMs }) => addMs, 1),
    row('memory once opened', 'MB', ({ openMegabytes }) => openMegabytes, 60),
  ]
}
