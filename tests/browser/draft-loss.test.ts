import { rmSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts'
import { buildVersion } from '../helpers/build-version.ts'
import { kept } from '../helpers/installed-page.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const ROUNDS = process.env['FULL_RUN'] === '1' ? 200 : 8
const MOST_LOST_MS = 300
const LETTERS = 24

let browser: Browser
let second: string
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
  second = await buildVersion('second')
  server = await startTestServer({ client: staticFiles('dist') })
  watched = await openPage(browser)
  await watched.page.goto(server.url)
  await kept(watched.page)
})

afterAll(async () => {
  await browser.close()
  await server.close()
  rmSync(second, { recursive: true, force: true })
})

type Typed = { readonly text: string; readonly atMs: number }
type Blow = { readonly name: string; readonly strike: (page: Page) => Promise<Page> }

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })

async function newPage(): Promise<Page> {
  const page = await watched.context.newPage()
  await page.goto(server.url)
  return page
}

const crash = async (page: Page): Promise<Page> => {
  const crashed = new Promise(resolve => page.once('crash', resolve))
  const session = await watched.context.newCDPSession(page)
  // The renderer is gone before it could answer.
  session.send('Page.crash').catch(() => undefined)
  await crashed
  await page.close()
  return newPage()
}

const close = async (page: Page): Promise<Page> => {
  await page.close()
  return newPage()
}

const reload = async (page: Page): Promise<Page> => {
  await page.reload()
  return page
}

const BLOWS: readonly Blow[] = [
  { name: 'the renderer is killed', strike: crash },
  { name: 'the tab is closed', strike: close },
  { name: 'the page is loaded anew', strike: reload },
]

describe('while somebody types', () => {
  test(`${ROUNDS} kills, closes and reloads lose ${MOST_LOST_MS} ms of it at most`, {
    timeout: ROUNDS * 15_000,
  }, async () => {
    let page = watched.page
    const losses: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const blow = BLOWS[round % BLOWS.length]
      if (blow === undefined) throw new Error('There are blows for every round')
      const typed = await type(page, round)
      const struckAtMs = performance.now()
      page = await blow.strike(page)
      const least = typed.findLast(({ atMs }) => atMs < struckAtMs - MOST_LOST_MS)?.text ?? ''
      await expect.poll(() => box(page).inputValue()).not.toBe('')
      const found = await box(page).inputValue()
      if (!found.startsWith(least)) losses.push(`${blow.name}: “${found}” instead of “${least}…”`)
    }
    expect(losses).toEqual([])
  })

  test('an update that was asked for loses none of it', async () => {
    const page = await newPage()
    const folder = server.databasePath.replace(/\/[^/]+$/, '')
    const port = Number(new URL(server.url).port)
    await server.stop()
    server = await startTestServer({ client: staticFiles(second), folder, port })
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    const reload = page.locator('.foot .note').getByRole('button', { name: 'reload' })
    await reload.waitFor()

    const typed = await type(page, 1000)
    await reload.click()
    await page.locator('body[data-version="second"]').waitFor()

    await expect.poll(() => box(page).inputValue()).toBe(typed.at(-1)?.text)
  })
})

/** Types a text of its own for each round, quicker than it is kept; gives what stood there when. The last word is on the screen. */
async function type(page: Page, round: number): Promise<readonly Typed[]> {
  await box(page).fill('')
  await box(page).pressSequentially(`round ${round} `)
  const typed: Typed[] = []
  for (let letter = 0; letter < LETTERS; letter++) {
    await page.keyboard.type(String.fromCharCode(97 + (letter % 26)), { delay: 20 })
    typed.push({ text: await box(page).inputValue(), atMs: performance.now() })
  }
  return typed
}
