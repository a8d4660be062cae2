import { rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { staticFiles } from '../../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE } from '../../helpers/browser.ts'
import { storeChat } from '../../helpers/stored-chat.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { watchMainThread } from '../browser.ts'
import { createTextMaker } from '../made-up-text.ts'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'

const MESSAGES = 2_000
const LETTERS_OF_A_MESSAGE = 1_120
const ROUNDS = 5

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
    await thread.slowDown(1)
    const row = (what: string, most: number, product: number): Row => ({
      what,
      unit: 'ms',
      baseline: null,
      product,
      target: { most },
    })
    return [
      row('opening 2,000 messages: tap to last screen', 20, median(plain)),
      row('the same, processor four times slower', 50, median(slow)),
    ]
  } finally {
    await browser.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function openings(page: Page): Promise<readonly number[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await openOnce(page))
  return times
}

/** Goes to the list, and from there into the chat; milliseconds from the tap to the frame that shows its end. */
async function openOnce(page: Page): Promise<number> {
  await page.evaluate(() => history.pushState(null, '', '/chats'))
  await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')))
  await page.locator('.list .row-main').first().waitFor()
  return page.evaluate(
    last =>
      new Promise<number>(resolve => {
        const startMs = performance.now()
        const look = (): void => {
          const shown = document.querySelector('.turn:last-child .answer p')?.textContent ?? ''
          if (shown === last) requestAnimationFrame(() => resolve(performance.now() - startMs))
          else requestAnimationFrame(look)
        }
        document.querySelector<HTMLElement>('.list .row-main')?.click()
        look()
      }),
    `Answer ${MESSAGES - 1}`,
  )
}
