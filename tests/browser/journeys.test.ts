import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { formatTotal } from '#shared/money.ts'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { writeShowcase } from '../helpers/showcase.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

/** A recorded answer with a known price: cache reads and writes, thinking and text. */
const MODEL = 'anthropic/fixture:anthropic/text'
const ANSWER = 'Calling a tail a leg'
const QUESTION = 'How many legs has a sheep, if the tail is called one?'
const CHANGED = 'How many legs has a goat, if the tail is called one?'

let browser: Browser
let replay: Replay
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
  replay = await startReplay(findRecordings('anthropic'))
})

afterAll(async () => {
  await browser.close()
  await replay.close()
})

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  writeShowcase(join(folder, 'llm-router.db'), Date.now())
  server = await startTestServer({
    folder,
    client: staticFiles('dist'),
    environment: { ANTHROPIC_API_KEY: 'any', ANTHROPIC_BASE_URL: replay.url },
  })
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faults).toEqual([])
})

const answered = (page: Page) => page.locator('.turn[data-state="complete"]').last()
const siblings = (page: Page) => page.locator('.fork output').last()

/** The stretch of text that the search marked, and where it stands. */
const markedHit = (page: Page) =>
  page.evaluate(() => {
    const [range] = CSS.highlights.get('hit') ?? []
    const box = range instanceof Range ? range.getBoundingClientRect() : null
    const isSeen = box !== null && box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight
    return { text: String(range ?? ''), isSeen }
  })

/** What the pi has of the chat on the screen. */
async function stored(page: Page): Promise<{ readonly costs: readonly number[]; readonly texts: readonly string[] }> {
  const [, id] = /\/c\/([^/?]+)/.exec(page.url()) ?? []
  const { messages } = await (await server.request(`/api/conversations/${id}`)).json()
  return {
    costs: messages.flatMap((row: { cost_nanousd: number | null }) => row.cost_nanousd ?? []),
    texts: messages.map((row: { content: string }) => row.content),
  }
}

/** What the pi's ledger says that this month has cost, as the page writes it. */
async function monthOnPi(): Promise<string> {
  const now = new Date()
  const from = new Date(now.getFullYear(), now.getMonth(), 1).getTime()
  const { total } = await (await server.request(`/api/usage/summary?from=${from}`)).json()
  return formatTotal(total.cost_nanousd)
}

/** A file of the only chat, in which nothing is missing. */
async function expectWholeChat(file: string, page: Page): Promise<void> {
  const { conversations } = JSON.parse(file)
  const { texts } = await stored(page)
  expect(conversations).toHaveLength(1)
  expect(conversations[0].messages.map(({ content }: { content: string }) => content).sort()).toEqual(texts.toSorted())
}

describe('ask, branch, search, see what it cost, and take the chat out', () => {
  test('by keyboard alone', async () => {
    watched = await openPage(browser)
    const { page } = watched
    const { keyboard } = page
    await page.goto(server.url)
    await expect.poll(() => page.locator('.mode').innerText()).toBe('INS')

    await keyboard.type(`/model ${MODEL}`)
    await keyboard.press('Enter')
    await keyboard.type(QUESTION)
    await keyboard.press('Enter')
    await answered(page).getByText(ANSWER).waitFor()

    await keyboard.press('Escape')
    await keyboard.press('r')
    await expect.poll(() => siblings(page).innerText()).toBe('2/2')
    await answered(page).getByText(ANSWER).waitFor()
    await keyboard.press('[')
    await expect.poll(() => siblings(page).innerText()).toBe('1/2')
    await keyboard.press('e')
    await page.getByText('edit: makes a branch').waitFor()
    await keyboard.press('Control+a')
    await keyboard.type(CHANGED)
    await keyboard.press('Enter')
    await expect.poll(() => siblings(page).innerText()).toBe('3/3')
    await answered(page).getByText(ANSWER).waitFor()

    await keyboard.press('Escape')
    await keyboard.press('/')
    await expect.poll(() => page.locator('.mode').innerText()).toBe('FIND')
    await keyboard.type('goat')
    await page.locator('.found mark', { hasText: 'goat' }).first().waitFor()
    await keyboard.press('Enter')
    await expect.poll(() => markedHit(page)).toEqual({ text: 'goat', isSeen: true })

    await keyboard.press('j')
    await tabTo(page, 'All actions')
    await keyboard.press('Enter')
    const { costs } = await stored(page)
    expect(costs).toHaveLength(3)
    await page
      .getByRole('dialog')
      .getByText(costs[0]?.toLocaleString('en') ?? '', { exact: true })
      .waitFor()
    await keyboard.press('Escape')
    await keyboard.press('2')
    await expect.poll(() => page.locator('#budget .double').innerText()).toBe(await monthOnPi())
    await keyboard.press('Escape')

    await keyboard.press('Control+k')
    await keyboard.type('export')
    await keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Take out' }).waitFor()
    await tabTo(page, 'markdown', 'Shift+Tab')
    await keyboard.press('ArrowRight')
    await tabTo(page, 'take out')
    const download = page.waitForEvent('download')
    await keyboard.press('Enter')
    await expectWholeChat(readFileSync(await (await download).path(), 'utf8'), page)
    await keyboard.press('Escape')

    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('with one thumb', async () => {
    watched = await openPage(browser, PHONE)
    const { page } = watched
    const { keyboard } = page
    await page.addInitScript(raiseSoftKeyboard)
    await page.addInitScript(keepWhatIsShared)
    await page.goto(server.url)

    await tap(page, page.getByRole('textbox', { name: 'Message' }))
    await keyboard.type(`/model ${MODEL}`)
    await tap(page, page.getByRole('button', { name: 'send ↑' }))
    await expect.poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('')
    await tap(page, page.getByRole('textbox', { name: 'Message' }))
    await keyboard.type(QUESTION)
    await tap(page, page.getByRole('button', { name: 'send ↑' }))
    await answered(page).getByText(ANSWER).waitFor()

    await tap(page, answered(page).getByRole('button', { name: /Details$/ }))
    await tap(page, answered(page).getByRole('button', { name: 'edit' }))
    await page.getByText('edit: makes a branch').waitFor()
    await page.getByRole('textbox', { name: 'Message' }).press('Control+a')
    await keyboard.type(CHANGED)
    await tap(page, page.getByRole('button', { name: 'send ↑' }))
    await expect.poll(() => siblings(page).innerText()).toBe('2/2')
    await answered(page).getByText(ANSWER).waitFor()
    await tap(page, page.getByRole('button', { name: 'Previous branch' }))
    await expect.poll(() => siblings(page).innerText()).toBe('1/2')

    await tap(page, page.getByRole('link', { name: 'Chats' }))
    await tap(page, page.getByRole('searchbox', { name: 'Find in chats' }))
    await keyboard.type('goat')
    await tap(page, page.locator('.found .row-main').first())
    await expect.poll(() => markedHit(page)).toEqual({ text: 'goat', isSeen: true })
    await expect.poll(() => siblings(page).innerText()).toBe('2/2')

    await tap(page, answered(page).getByRole('button', { name: 'All actions' }))
    const { costs } = await stored(page)
    expect(costs).toHaveLength(2)
    await page
      .getByRole('dialog')
      .getByText(costs[0]?.toLocaleString('en') ?? '', { exact: true })
      .waitFor()
    await page.touchscreen.tap(PHONE.viewport.width / 2, 20)
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await tap(page, page.getByRole('button', { name: /^session of/ }))
    await tap(page, page.getByRole('dialog').getByRole('button', { name: 'take out' }))
    await tap(page, page.getByRole('dialog', { name: 'Take out' }).getByText('json', { exact: true }))
    await tap(page, page.getByRole('dialog', { name: 'Take out' }).getByRole('button', { name: 'take out' }))
    await tap(page, page.getByRole('button', { name: 'share' }))
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['shared'] ?? '')).not.toBe('')
    await expectWholeChat(await page.evaluate(() => document.documentElement.dataset['shared'] ?? ''), page)
    await tap(page, page.getByRole('button', { name: 'Close' }))

    await tap(page, page.getByRole('link', { name: 'Chats' }))
    await tap(page, page.getByRole('link', { name: 'usage' }).filter({ visible: true }))
    await expect.poll(() => page.locator('#budget .double').innerText()).toBe(await monthOnPi())
  })
})

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: focus } = document
      const words = focus?.getAttribute('aria-label') ?? focus?.textContent ?? ''
      return words === '' && focus instanceof HTMLInputElement ? focus.value : words
    })
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await focused()) === name) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} does not lead to ${name}`)
}

/** A touch where a thumb can see and hit it: large enough, inside the part of the screen that the soft keyboard leaves. */
async function tap(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  await expect
    .poll(async () => {
      const box = await target.boundingBox()
      const visible = await page.evaluate(() => window.visualViewport?.height ?? 0)
      return box !== null && box.y >= 0 && box.y + box.height <= visible && box.height >= 44
    })
    .toBe(true)
  await target.tap()
}

/** No soft keyboard comes up here: while a box has the focus, the page is told of one as iOS tells it. */
function raiseSoftKeyboard(): void {
  const { get } = Object.getOwnPropertyDescriptor(VisualViewport.prototype, 'height') ?? {}
  const isWriting = () => document.activeElement?.matches('textarea, input:not([type="radio"])') ?? false
  Object.defineProperty(VisualViewport.prototype, 'height', {
    get() {
      return isWriting() ? 500 : get?.call(this)
    },
  })
  // It comes and goes a moment after the touch.
  const tell = () => setTimeout(() => window.visualViewport?.dispatchEvent(new Event('resize')))
  document.addEventListener('focusin', tell)
  document.addEventListener('focusout', tell)
}

/** What stands for the phone's own sheet for sharing. */
function keepWhatIsShared(): void {
  navigator.canShare = () => true
  navigator.share = async ({ files } = {}) => {
    document.documentElement.dataset['shared'] = (await files?.[0]?.text()) ?? ''
  }
}
