import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import {
  faultsBesideNetwork,
  launchBrowser,
  openPage,
  PHONE,
  type WatchedPage,
  waitUntilStarted,
} from '../helpers/browser.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const PLAIN = 'replay/fixture:openai-samples/chat-plain'

let browser: Browser
let replay: Replay
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(async () => {
  await browser.close()
  await replay.close()
})

beforeEach(async () => {
  server = await startTestServer({
    client: staticFiles('dist'),
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
  watched = await openPage(browser)
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faultsBesideNetwork(faults)).toEqual([])
})

/** Asks in the background, as a script would, and gives the conversation's address. */
async function ask(model: string): Promise<{ path: string; runId: string }> {
  const response = await server.request('/api/chat/stream', {
    body: { model, message: 'A question' },
    headers: { prefer: 'respond-async' },
  })
  const { conversation_id, run_id } = await response.json()
  return { path: `${server.url}/c/${conversation_id}`, runId: run_id }
}

describe('an answer on the screen', () => {
  test('is stopped by the stop key, with what came kept', async () => {
    const { page } = watched
    const { path } = await ask(`${PLAIN};delay=400`)
    await page.goto(path)
    await page.locator('.turn[data-state="streaming"] .answer p').first().waitFor()

    await page.getByRole('button', { name: /stop/i }).click()
    await page.locator('.turn[data-state="cancelled"]').waitFor()

    expect(await page.locator('.answer').innerText()).not.toBe('')
  })

  test('says who stopped it, what is kept and what to do, when the provider fails', async () => {
    const { page } = watched
    const { path } = await ask(`${PLAIN};midfail=0.5`)
    await page.goto(path)

    const turn = page.locator('.turn[data-state="error"]')
    await turn.waitFor()

    expect(await turn.innerText()).toContain('Replay stopped the answer')
    expect(await turn.getByRole('button', { name: /retry/i }).count()).toBe(1)
  })

  test('is the same on a second device that joins in the middle', async () => {
    const { path } = await ask(`${PLAIN};delay=120`)
    const second = await openPage(browser, PHONE)
    await watched.page.goto(path)
    await second.page.goto(path)

    await Promise.all([watched, second].map(({ page }) => page.locator('.turn[data-state="complete"]').waitFor()))

    // A worker formats a finished answer: its text follows its state a moment later.
    await Promise.all([watched, second].map(({ page }) => page.locator('.answer p').first().waitFor()))
    const [onDesk, onPhone] = await Promise.all(
      [watched, second].map(({ page }) => page.locator('.answer').innerText()),
    )
    await second.context.close()
    expect(onDesk).toBe(onPhone)
  })
})

test('by keyboard alone: write, send, leave the box, retry, and switch between the two answers', async () => {
  const { page } = watched
  await page.goto(server.url)
  await page.keyboard.press('i')
  await page.keyboard.type('How do I add a key?')
  await page.keyboard.press('Enter')
  await page.locator('.turn[data-state="complete"]').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('r')
  await page.getByText('2/2').waitFor()
  await page.locator('.turn[data-state="complete"]').waitFor()

  await page.keyboard.press('[')

  await page.getByText('1/2').waitFor()
})

test('while the pi is silent the page says so, keeps what is written, and sends it when the pi is back', async () => {
  const { page, context } = watched
  await page.goto(server.url)
  await waitUntilStarted(page)
  await context.setOffline(true)

  await page.getByRole('textbox', { name: /message/i }).fill('How do I add a key?')
  await page.getByRole('textbox', { name: /message/i }).press('Enter')
  await page.getByText('offline').filter({ visible: true }).first().waitFor()
  await context.setOffline(false)
  await page.locator('.turn[data-state="complete"]').waitFor()

  const list = await (await server.request('/api/conversations')).json()
  expect(list).toHaveLength(1)
})
