import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { staticFiles } from '../../../server/http/static-files.ts'
import { buildPages } from '../../browser/pages/build-pages.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { startCouch } from '../couch.ts'
import { writeDataSet } from '../data-set.ts'
import {
  type CopyFigures,
  copyByPouch,
  copyByProduct,
  editsByPouch,
  editsByProduct,
  firstScreenMs,
  type ProductCopyFigures,
} from '../device-runs.ts'
import type { Row } from '../row.ts'
import { percentile } from '../statistics.ts'
import { medianOf, type Subject, subject, takeTurns } from '../subject.ts'

/** The whole reference set is 10,000 conversations of 20 messages; BENCH_CONVERSATIONS takes a part of it. */
const CONVERSATIONS = Number(process.env['BENCH_CONVERSATIONS'] ?? 1000)
const DATA_SET = { conversations: CONVERSATIONS, messagesEach: 20, seed: 20_261_123 }
const ROWS = CONVERSATIONS * (DATA_SET.messagesEach + 1)
const ROUNDS = 3

/** A new device in a real Chromium: its first screen, the copy of all rows, edits between two devices; beside PouchDB with the same rows. */
export async function firstCopy(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  const pages = await buildPages()
  const couch = await startCouch()
  try {
    const path = join(folder, 'llm-router.db')
    writeDataSet(path, DATA_SET)
    await couch.fill(path)
    const screen = await withServer(folder, 'dist', url => inTurn(() => firstScreenMs(url)))
    const copies = await withServer(folder, pages.folder, url => measureCopies({ url, couchUrl: couch.url }))
    const edits = await withServer(folder, pages.folder, async url => ({
      product: await editsByProduct(url),
      pouch: await editsByPouch(couch.url),
    }))
    return [screenRow(screen), ...copyRows(copies), ...editRows(edits)]
  } finally {
    await couch.stop()
    pages.remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withServer<Result>(
  folder: string,
  files: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = await startTestServer({ folder, client: staticFiles(files) })
  try {
    return await work(server.url)
  } finally {
    await server.stop()
  }
}

async function inTurn(measure: () => Promise<number>): Promise<readonly number[]> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round++) values.push(await measure())
  return values
}

type Copies = { readonly product: ProductCopyFigures; readonly pouch: CopyFigures }

async function measureCopies({ url, couchUrl }: { readonly url: string; readonly couchUrl: string }): Promise<Copies> {
  const product = subject(() => copyByProduct(url))
  const pouch = subject(() => copyByPouch(couchUrl))
  await takeTurns(ROUNDS, [product, pouch])
  const middle = (of: Subject<CopyFigures>): CopyFigures => ({
    seconds: medianOf(of, ({ seconds }) => seconds),
    bytes: medianOf(of, ({ bytes }) => bytes),
  })
  const deltaMs = medianOf(product, figures => figures.deltaMs)
  return { product: { ...middle(product), deltaMs }, pouch: middle(pouch) }
}

function screenRow(times: readonly number[]): Row {
  const product = percentile(times, 0.95)
  return { what: 'first usable screen, empty device', unit: 'ms', baseline: null, product, target: { most: 1000 } }
}

function copyRows({ product, pouch }: Copies): readonly Row[] {
  const of = (name: string) => `${name}, ${ROWS.toLocaleString('en')} rows`
  return [
    {
      what: of('first copy'),
      unit: 's',
      baseline: { name: 'PouchDB', value: pouch.seconds },
      product: product.seconds,
      target: { mostRatio: 0.25 },
    },
    {
      what: of('first copy, rows a second'),
      unit: '/s',
      baseline: { name: 'PouchDB', value: ROWS / pouch.seconds },
      product: ROWS / product.seconds,
      target: { least: 5000 },
    },
    {
      what: of('first copy, on the wire'),
      unit: 'bytes a row',
      baseline: { name: 'PouchDB', value: pouch.bytes / ROWS },
      product: product.bytes / ROWS,
      target: { most: 380 },
    },
    {
      what: '200 changed rows are taken in',
      unit: 'ms',
      baseline: null,
      product: product.deltaMs,
      target: { most: 50 },
    },
  ]
}

type Edits = Awaited<ReturnType<typeof editsByProduct>>

function editRows({ product, pouch }: { readonly product: Edits; readonly pouch: Edits }): readonly Row[] {
  return [
    {
      what: 'an edit on one device shows on another, p95',
      unit: 'ms',
      baseline: { name: 'PouchDB', value: percentile(pouch.singleMs, 0.95) },
      product: percentile(product.singleMs, 0.95),
      target: { most: 250 },
    },
    {
      what: '200 rows changed at once show on another device',
      unit: 'ms',
      baseline: { name: 'PouchDB', value: pouch.burstMs },
      product: product.burstMs,
      target: { mostRatio: 1 },
    },
    {
      what: 'calls of one device in 20 idle seconds',
      unit: 'calls',
      baseline: null,
      product: product.idleCalls,
      target: { most: 0 },
    },
  ]
}
