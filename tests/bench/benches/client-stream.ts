import type { Page } from 'playwright-core'
import { staticFiles } from '../../../server/http/static-files.ts'
import { buildPages } from '../../browser/pages/build-pages.ts'
import { launchBrowser, openPage, PHONE } from '../../helpers/browser.ts'
import { type MainThread, servePages, watchMainThread } from '../browser.ts'
import { createTextMaker } from '../made-up-text.ts'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'

const ANSWER_LENGTH = 376_000
const PIECE_LENGTH = 11
const PIECES = 150
const ROUNDS = 3

type Way = 'ours' | 'whole'
type Window = { readonly way: Way; readonly text: string; readonly from: number }

/** A long answer as it comes, one render a frame: at its start and at its end, beside a page that formats all of it anew each time. */
export async function clientStream(): Promise<readonly Row[]> {
  const pages = await buildPages()
  const served = await servePages(staticFiles(pages.folder))
  const browser = await launchBrowser()
  try {
    const { page } = await openPage(browser, PHONE)
    await page.goto(`${served.url}/markdown-lab.html`)
    return await measure(page, await watchMainThread(page))
  } finally {
    await browser.close()
    served.close()
    pages.remove()
  }
}

async function measure(page: Page, thread: MainThread): Promise<readonly Row[]> {
  const text = longAnswer()
  const end = text.length - PIECES * PIECE_LENGTH
  const perPiece = async (window: Omit<Window, 'text'>): Promise<number> => {
    const costs: number[] = []
    for (let round = 0; round < ROUNDS; round++) costs.push(await pieceMs(page, thread, { ...window, text }))
    return median(costs)
  }
  const start = await perPiece({ way: 'ours', from: 4_000 })
  const late = await perPiece({ way: 'ours', from: end })
  await thread.slowDown(4)
  const slow = await perPiece({ way: 'ours', from: end })
  const slowWhole = await pieceMs(page, thread, { way: 'whole', text, from: end })
  await thread.slowDown(1)
  return [
    {
      what: 'streaming: main thread a piece, at the end of 100k tokens',
      unit: 'ms',
      baseline: { name: 'at the start', value: start },
      product: late,
      target: { mostRatio: 1.2 },
    },
    {
      what: 'the same, processor four times slower',
      unit: 'ms',
      baseline: { name: 'all formatted anew', value: slowWhole },
      product: slow,
      target: { most: 6, mostRatio: 0.01 },
    },
  ]
}

/** Processor time of the main thread for one piece of a window; the text before it is there already. */
async function pieceMs(page: Page, thread: MainThread, { way, text, from }: Window): Promise<number> {
  const pieces = way === 'ours' ? PIECES : 4
  await page.evaluate(([kind, given]) => Reflect.get(window, 'markdownLab').openWindow(kind, given), [
    way,
    text.slice(0, from),
  ] as const)
  const total = await thread.measure(() =>
    page.evaluate(
      ([given, count, length, at]) => Reflect.get(window, 'markdownLab').streamWindow(given, { count, length, at }),
      [text, pieces, PIECE_LENGTH, from] as const,
    ),
  )
  await page.evaluate(() => Reflect.get(window, 'markdownLab').closeWindow())
  return total / pieces
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
