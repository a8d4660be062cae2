import { rmSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import { staticFiles } from '../../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE } from '../../helpers/browser.ts'
import { storeChat } from '../../helpers/stored-chat.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { watchMainThread } from '../browser.ts'
import { createTextMaker } from '../made-up-text.ts'
import type { Row } from '../row.ts'
import { median, percentile } from '../statistics.ts'
import { stillPage } from '../still-page.ts'

const MESSAGES = 2_000
const LETTERS_OF_A_MESSAGE = 1_120
const ROUNDS = 5
const CHAT = '.list a[href^="/c/"]'
const FLINGS = 3
const FLUNG_FRAMES = 240
const FLUNG_PX = 120
/** How long a finger rests on what it taps. */
const PRESS_MS = 80

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
    await openOnce(page, () => page.locator(CHAT).first().click())
    await page.waitForFunction(most => document.querySelectorAll('.turn').length === most, MESSAGES / 2)
    const plain = await openings(page)
    await thread.slowDown(4)
    const slow = await openings(page)
    await thread.slowDown(1)
    const flings = await flingBoth(page, await stillPage(browser, page))
    const slowRow = (what: string, product: number): Row => row(what, 'ms', { product, most: 50 })
    return [
      row('opening 2,000 messages: lifted finger to last screen', 'ms', { product: middle(plain.tapped), most: 20 }),
      slowRow('the same, processor four times slower', middle(slow.tapped)),
      row('opened without a finger, as by a key', 'ms', { product: middle(plain.clicked), most: 20 }),
      slowRow('the same, processor four times slower', middle(slow.clicked)),
      row('elements when it stands', '', { product: mostElements(slow), most: 2_500 }),
      flingRow('flung through them, four times slower: a frame, median', flings, 0.5),
      flingRow('the same, p95', flings, 0.95),
      flingRow('the same, longest', flings, 1),
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

type Flings = { readonly ours: readonly number[]; readonly still: readonly number[] }

/** Beside what the browser needs for the same page when none of our scripts runs in it. */
function flingRow(what: string, { ours, still }: Flings, share: number): Row {
  const baseline = { name: 'without scripts', value: percentile(still, share) }
  return { what, unit: 'ms', baseline, product: percentile(ours, share), target: { most: 17 } }
}

type Opening = { readonly tookMs: number; readonly elements: number }

function middle(openings: readonly Opening[]): number {
  return median(openings.map(({ tookMs }) => tookMs))
}

type Openings = { readonly tapped: readonly Opening[]; readonly clicked: readonly Opening[] }

function mostElements({ tapped, clicked }: Openings): number {
  return Math.max(...[...tapped, ...clicked].map(({ elements }) => elements))
}

async function openings(page: Page): Promise<Openings> {
  const fingers = await page.context().newCDPSession(page)
  const found: { readonly tapped: Opening[]; readonly clicked: Opening[] } = { tapped: [], clicked: [] }
  for (let round = 0; round < ROUNDS; round++) {
    found.tapped.push(await openOnce(page, () => tap(page, fingers)))
    found.clicked.push(await openOnce(page, () => page.locator(CHAT).first().dispatchEvent('click')))
  }
  return found
}

async function tap(page: Page, fingers: CDPSession): Promise<void> {
  const row = await page.locator(CHAT).first().boundingBox()
  if (row === null) throw new Error('There is no chat to tap')
  const touchPoints = [{ x: row.x + row.width / 2, y: row.y + row.height / 2 }]
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await page.waitForTimeout(PRESS_MS)
  await fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

/** In turns, with a processor that is four times slower. */
async function flingBoth(page: Page, still: Page): Promise<Flings> {
  const found: { readonly ours: number[]; readonly still: number[] } = { ours: [], still: [] }
  const [thread, stillThread] = [await watchMainThread(page), await watchMainThread(still)]
  for (let round = 0; round < FLINGS; round++) {
    await page.bringToFront()
    await openOnce(page, () => page.locator(CHAT).first().click())
    // What was opened settles first: its other turns get their words.
    await page.waitForFunction(most => document.querySelectorAll('.turn h2').length === most, MESSAGES / 2)
    await thread.slowDown(4)
    found.ours.push(...(await fling(page)))
    await thread.slowDown(1)
    await still.bringToFront()
    await stillThread.slowDown(4)
    found.still.push(...(await fling(still)))
  }
  await thread.slowDown(1)
  return found
}

/** Milliseconds between frames while the reader flings upwards from the end. */
async function fling(page: Page): Promise<readonly number[]> {
  await page.evaluate(() => document.querySelector('.main')?.scrollTo(0, Number.MAX_SAFE_INTEGER))
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

/** Goes to the list, and from there into the chat: the time from the click to the frame that shows its end. */
async function openOnce(page: Page, click: () => Promise<void>): Promise<Opening> {
  await page.evaluate(() => history.pushState(null, '', '/chats'))
  await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')))
  await page.locator(CHAT).first().waitFor()
  await page.evaluate(
    last => {
      const open = (resolve: (opening: Opening) => void): void => {
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
        requestAnimationFrame(look)
      }
      const opened = new Promise<Opening>(resolve =>
        document.addEventListener('click', () => open(resolve), { capture: true, once: true }),
      )
      Reflect.set(window, 'opened', opened)
    },
    `Answer ${MESSAGES - 1}`,
  )
  await click()
  return page.evaluate(() => Reflect.get(window, 'opened'))
}
