import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { staticFiles } from '../../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE } from '../../helpers/browser.ts'
import { type MainThread, servePages, watchMainThread } from '../browser.ts'
import { buildBenchPage } from '../build-bench-page.ts'
import { createTextMaker } from '../made-up-text.ts'
import { needPeers } from '../need-peers.ts'
import type { Way } from '../pages/stream.ts'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'

const ANSWER_LENGTH = 376_000
const PIECE_LENGTH = 11
const START = 4_000
const ROUNDS = 3
const SLOW = 4
/** Where windows stand along the answer; the cost of all its pieces is the area under them. */
const PLACES = [0, 0.25, 0.5, 0.75, 1]
/** Pieces of one window: a peer that takes seconds for one is not asked for more. */
const PIECES: Readonly<Record<Way, number>> = { ours: 100, marked: 3, streamdown: 10 }

/** A long answer as it comes, a piece a frame, beside pages that show it in other ways: `marked` formats all of it anew each time. */
export async function clientStream(): Promise<readonly Row[]> {
  needPeers()
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  await buildBenchPage('stream.html', folder)
  const served = await servePages(staticFiles(folder))
  const browser = await launchBrowser()
  try {
    const { page } = await openPage(browser, PHONE)
    page.setDefaultTimeout(240_000)
    await page.goto(`${served.url}/stream.html`)
    return await measure(page, await watchMainThread(page))
  } finally {
    await browser.close()
    served.close()
    rmSync(folder, { recursive: true })
  }
}

async function measure(page: Page, thread: MainThread): Promise<readonly Row[]> {
  const text = longAnswer()
  await page.evaluate(answer => streamLab.load(answer), text)
  const last = text.length - PIECES.ours * PIECE_LENGTH
  const perPiece = (way: Way, from: number): Promise<number> => pieceMs(page, thread, { way, from })
  const middle = async (from: number): Promise<number> => {
    const costs: number[] = []
    for (let round = 0; round < ROUNDS; round++) costs.push(await perPiece('ours', from))
    return median(costs)
  }
  const [start, end] = [await middle(START), await middle(last)]
  await thread.slowDown(SLOW)
  const totals = { ours: 0, marked: 0, streamdown: 0 }
  let slowest = 0
  for (const way of ['ours', 'streamdown', 'marked'] as const) {
    const costs: number[] = []
    for (const place of PLACES) costs.push(await perPiece(way, Math.round(START + place * (last - START))))
    console.error(`${way}, ms a piece: ${costs.map(cost => cost.toFixed(1)).join(' ')}`)
    totals[way] = totalSeconds(costs, text.length)
    if (way === 'ours') slowest = Math.max(...costs)
  }
  await thread.slowDown(1)
  return rowsOf({ start, end, slowest, totals })
}

/** Processor time of the main thread for one piece of a window; the text before it is there already. */
async function pieceMs(
  page: Page,
  thread: MainThread,
  { way, from }: { readonly way: Way; readonly from: number },
): Promise<number> {
  const count = PIECES[way]
  // The elements of the window before are no part of this one's cost.
  await thread.collectGarbage()
  await page.evaluate(([name, given]) => streamLab.open(name, given), [way, from] as const)
  const window = { from, count, length: PIECE_LENGTH }
  const total = await thread.measure(() => page.evaluate(pieces => streamLab.stream(pieces), window))
  await page.evaluate(() => streamLab.close())
  return total / count
}

/** The whole answer's cost: a trapezoid between each two windows. */
function totalSeconds(costs: readonly number[], length: number): number {
  const pieces = length / PIECE_LENGTH / (costs.length - 1)
  const areas = costs.slice(1).map((cost, index) => ((cost + (costs[index] ?? cost)) / 2) * pieces)
  return areas.reduce((sum, area) => sum + area, 0) / 1_000
}

type Figures = {
  readonly start: number
  readonly end: number
  readonly slowest: number
  readonly totals: Readonly<Record<Way, number>>
}

function rowsOf({ start, end, slowest, totals }: Figures): readonly Row[] {
  const total = {
    what: '100k tokens, processor four times slower: main thread in all',
    unit: 's',
    product: totals.ours,
  }
  return [
    {
      what: 'streaming: main thread a piece, at the end of 100k tokens',
      unit: 'ms',
      baseline: { name: 'at the start', value: start },
      product: end,
      target: { mostRatio: 1.2 },
    },
    {
      what: 'the same a frame, processor four times slower, dearest window',
      unit: 'ms',
      baseline: null,
      product: slowest,
      target: { most: 6 },
    },
    { ...total, baseline: { name: 'marked + DOMPurify', value: totals.marked }, target: { mostRatio: 0.01 } },
    { ...total, baseline: { name: 'streamdown', value: totals.streamdown }, target: { mostRatio: 0.1 } },
  ]
}

/** Headings, lists, tables and code, over and over. */
function longAnswer(): string {
  const maker = createTextMaker(7)
  let text = ''
  for (let part = 1; text.length < ANSWER_LENGTH; part++) {
    const words = (count: number) => maker.sentence(count)
    text += `## Part ${part}\n\n${words(40)} **${words(3)}** \`${words(1)}\` ${words(30)}\n\n`
    text += `- ${words(8)}\n- ${words(12)}\n  - ${words(6)}\n\n| a | b |\n|---|---|\n| ${words(2)} | ${words(3)} |\n| ${words(1)} | ${words(2)} |\n\n`
    text += `\`\`\`ts\nconst part = ${part}\nfor (const word of words) print(word)\n\`\`\`\n\n${maker.han(60)}\n\n`
  }
  return text
}
