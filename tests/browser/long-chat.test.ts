import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { type StoredChatIds, storeChat } from '../helpers/stored-chat.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const MESSAGES = 2_000

let browser: Browser
let server: TestServer
let chat: StoredChatIds
let watched: WatchedPage
let movedOnNewDevice: number

beforeAll(async () => {
  const { folder, ...stored } = storeChat(
    Array.from({ length: MESSAGES }, (_, index) =>
      index % 2 === 0
        ? { name: `question ${index}` }
        : {
            name: `answer ${index}`,
            role: 'assistant' as const,
            content: `Answer ${index}\n\n${'some **words** that go on for a while. '.repeat(wordsOf(index))}\n\n- one\n- two`,
          },
    ),
  )
  chat = stored
  server = await startTestServer({ client: staticFiles('dist'), folder })
  browser = await launchBrowser()
  watched = await openPage(browser, PHONE)
  await watched.page.addInitScript(() => {
    Reflect.set(window, 'moved', 0)
    new PerformanceObserver(list => {
      // Its type is not in TypeScript's library.
      for (const shift of list.getEntries()) {
        Reflect.set(window, 'moved', Reflect.get(window, 'moved') + Number(Reflect.get(shift, 'value')))
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await watched.page.goto(`${server.url}/c/${chat.conversationId}`)
  await lastAnswer(watched.page).waitFor()
  // The rest of the chat comes by the sync.
  await watched.page.waitForFunction(most => document.querySelectorAll('.turn').length === most, MESSAGES / 2)
  movedOnNewDevice = await moved(watched.page)
  await watched.page.addInitScript(() => {
    const look = (): void => {
      const isThere = document.querySelector('.chapter:last-child > .turn:last-child .answer p') !== null
      if (isThere) Reflect.set(window, 'elementsAtFirst', document.querySelectorAll('*').length)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await watched.page.reload()
  await lastAnswer(watched.page).waitFor()
}, 90_000)

afterEach(() => {
  expect(watched.faults).toEqual([])
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

/** The last turns are taller than the screen: nothing else is seen there that a browser could hold fast while more comes above. */
function wordsOf(index: number): number {
  return 5 + (index % 17) + (index > MESSAGES - 20 ? 40 : 0)
}

function lastAnswer(page: Page) {
  return page.locator('.log').getByText(`Answer ${MESSAGES - 1}`, { exact: true })
}

/** By how much of the view what was seen there has moved, all in all. */
function moved(page: Page): Promise<number> {
  return page.evaluate(() => Reflect.get(window, 'moved'))
}

test('opens at its end with few elements, and has every turn as a heading soon after', async () => {
  const { page } = watched
  const elements = await page.evaluate(() => Reflect.get(window, 'elementsAtFirst'))

  await expect.poll(() => page.locator('.log h2').count(), { timeout: 20_000 }).toBe(MESSAGES / 2)

  expect(elements).toBeLessThanOrEqual(2_500)
  expect(await lastAnswer(page).isVisible()).toBe(true)
})

test('moves nothing that is seen while it comes', async () => {
  expect(movedOnNewDevice).toBeLessThan(0.02)
  expect(await moved(watched.page)).toBeLessThan(0.02)
})

test('goes to a message far away, exactly, and marks it', async () => {
  const { page } = watched
  await page.goto(`${server.url}/c/${chat.conversationId}/tree`)
  const row = page.locator(`.tree-row[data-id="${chat.ids.get('question 400')}"]`)

  await row.click()
  const item = page.locator('.turn[data-found]')
  await item.waitFor()
  await page.getByText('Answer 401', { exact: true }).waitFor()

  const distance = () =>
    page
      .locator('.turn', { has: page.getByText('question 400', { exact: true }) })
      .evaluate(turn => turn.getBoundingClientRect().top - (turn.closest('.main')?.getBoundingClientRect().top ?? 0))
  await expect.poll(distance, { timeout: 15_000 }).toBeCloseTo(0, 0)
})

test('holds the words of turns that were not drawn yet, for the browser to find', async () => {
  const { page } = watched
  await page.reload()

  const box = page.locator('.turn[data-box]').filter({ hasText: 'question 1200' })
  await expect.poll(() => box.count(), { timeout: 20_000 }).toBe(1)

  expect(await box.evaluate(item => getComputedStyle(item).contentVisibility)).toBe('auto')
})

test('an answer that was formatted stands as it was when its chat is opened again', async () => {
  const { page } = watched
  await page.goto(`${server.url}/c/${chat.conversationId}`)
  await page.locator('.chapter:last-child > .turn:last-child .answer[data-settled]').waitFor()
  await lastAnswer(page).evaluate(node => Reflect.set(window, 'formed', node))

  await page.evaluate(() => history.pushState(null, '', '/chats'))
  await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')))
  await page.locator('.list a[href^="/c/"]').first().click()
  await lastAnswer(page).waitFor()

  expect(await lastAnswer(page).evaluate(node => node === Reflect.get(window, 'formed'))).toBe(true)
})

test('stays at its end while all that is above comes, each time it is opened again', async () => {
  const { page } = watched
  for (let round = 0; round < 4; round++) {
    await page.evaluate(() => history.pushState(null, '', '/chats'))
    await page.evaluate(() => window.dispatchEvent(new PopStateEvent('popstate')))
    await page.locator('.list a[href^="/c/"]').first().click()
    await page.waitForFunction(most => document.querySelectorAll('.turn').length === most, MESSAGES / 2)
    await page.waitForFunction(() => document.querySelectorAll('.turn:not([data-box])').length >= 2)

    const below = () =>
      page.evaluate(() => {
        const main = document.querySelector('.main')
        return main === null ? Number.NaN : main.scrollHeight - main.scrollTop - main.clientHeight
      })
    await expect.poll(below).toBeLessThan(48)
  }
})
