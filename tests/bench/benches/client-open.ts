import { rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { staticFiles } from '../../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE } from '../../helpers/browser.ts'
import { storeChat } from '../../helpers/stored-chat.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { watchMainThread } from '../browser.ts'
import { createTextMaker } from '../made-up-text.ts'
import type { Row } from '../row.ts'
import { median, percentile } from '../statistics.ts'

const MESSAGES = 2_000
const LETTERS_OF_A_MESSAGE = 1_120
const ROUNDS = 5
const CHAT = '.list a[href^="/c/"]'
const FLUNG_FRAMES = 240
const FLUNG_PX = 120

/** A chat of 2,000 messages, from the tap on its row to the frame in which its last answer stands formatted. */
export async function clientOpen(): Promise<readonly Row[]> {
  const maker = createTextMaker(3)
  const words = maker.sentence(LETTERS_OF_A_MESSAGE / 6)
  const { folder } = storeChat(
    Array.from({ length: MESSAGES }, (_, index) =>
      index % 2 === 0
        ? { name: `question ${index}` }
        : { name: `answer ${index}`, role: 'assistant' as const, content: `Answer ${index}\n\n${words}\n\n${words}` },
    ),
  )
  const server = await startTestServer({ client: staticFiles('dist'), folder })
  const browser = await launchBrowser()
  try {
    const { page } = await openPage(browser, PHONE)
    await page.goto(`${server.url}/chats`)
    const thread = await watchMainThread(page)
    // The first opening fetches the chat and the code that formats it.
    await openOnce(page)
    await page.waitForFunction(most => document.querySelectorAll('.turn').length === most, MESSAGES / 2)
    const plain = await openings(page)
    await thread.slowDown(4)
    const slow = await openings(page)
    const intervals = await fling(page)
    await thread.slowDown(1)
    return [
      row('opening 2,000 messages: tap to last screen', 'ms', { product: middle(plain), most: 20 }),
      row('the same, processor four times slower', 'ms', { product: middle(slow), most: 50 }),
      row('elements when it stands', '', { product: Math.max(...slow.map(({ elements }) => elements)), most: 2_500 }),
      row('flung through them, four times slower: a frame, median', 'ms', { product: median(intervals), most: 17 }),
      row('the same, p95', 'ms', { product: percentile(intervals, 0.95), most: 17 }),
    ]
  } finally {
    await browser.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function row(what: string, unit: string, { product, most }: { readonly product: number; readonly most: number }): Row {
  return { what, unit, baseline: null, product, target: { most } }
}

type Opening = { readonly tookMs: number; readonly elements: number }

function middle(openings: readonly Opening[]): number {
  return median(openings.map(({ tookMs }) => tookMs))
}

async function openings(page: Page): Promise<readonly Opening[]> {
  const found: Opening[] = []
  for (let round = 0; round < ROUNDS; round++) found.push(await openOnce(page))
  return found
}

/** Milliseconds between frames while the reader flings upwards from the end. */
async function fling(page: Page): Promise<readonly number[]> {
  // What was opened settles first: its other turns get their words.
  await page.waitForFunction(most => document.querySelectorAll('.turn h2').length === most, MESSAGES / 2)
  return page.evaluate(
    ({ frames, step }) =>
      new Promise<readonly number[]>(resolve => {
        const scroller = document.querySelector('.main')
        const times: number[] = []
        const next = (now: number): void => {
          times.push(now)
          scroller?.scrollBy(0, -step)
          if (times.length <= frames) requestAnimationFrame(next)
          else resolve(times.slice(1).map((time, index) => time - (times[index] ?? time)))
        }
        requestAnimationFrame(next)
      }),
    { frames: FLUNG_FRAMES, step: FLUNG_PX },
  )
}

/** Goes to the list, and from there into the chat: the time from the tap to the frame that shows its end. */
async function openOnce(page: Page): Promise<Opening> {
  await page.evaluate(() => history.pushState(null, '', '/chats'))
  await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')))
  await page.locator(CHAT).first().waitFor()
  return page.evaluate(
    ({ chat, last }) =>
      new Promise<Opening>(resolve => {
        const startMs = performance.now()
        const look = (): void => {
          const shown = document.querySelector('.chapter:last-child > .turn:last-child .answer p')?.textContent ?? ''
          const elements = document.querySelectorAll('*').length
          if (shown !== last) {
            requestAnimationFrame(look)
            return
          }
          // A task that is asked for in a frame comes once that frame is painted.
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve({ tookMs: performance.now() - startMs, elements })
          port2.postMessage(null)
        }
        document.querySelector<HTMLElement>(chat)?.click()
        look()
      }),
    { chat: CHAT, last: `Answer ${MESSAGES - 1}` },
  )
}
