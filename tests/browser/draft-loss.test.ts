import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts'
import { buildVersion } from '../helpers/build-version.ts'
import { kept } from '../helpers/installed-page.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const ROUNDS = process.env['FULL_RUN'] === '1' ? 200 : 8
const SEED = 5
const MOST_LOST_MS = 300
const LETTERS = 24

let browser: Browser
let second: string
let server: TestServer
let watched: WatchedPage
let isSecondServed = false

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
type Blow = {
  readonly name: string
  /** How much of what was typed may be gone. */
  readonly mostLostMs: number
  /** What comes before somebody types. */
  readonly prepare?: (page: Page) => Promise<void>
  readonly strike: (page: Page) => Promise<Page>
}

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

const reloadKey = (page: Page) => page.locator('.foot .note').getByRole('button', { name: 'reload' })

/** Puts the other version on the server, which the page finds out and offers. */
async function deployOther(page: Page): Promise<void> {
  const folder = dirname(server.databasePath)
  const port = Number(new URL(server.url).port)
  await server.stop()
  isSecondServed = !isSecondServed
  server = await startTestServer({ client: staticFiles(isSecondServed ? second : 'dist'), folder, port })
  await kept(page)
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
  await reloadKey(page).waitFor()
}

const takeUpdate = async (page: Page): Promise<Page> => {
  await reloadKey(page).click()
  await page.locator(isSecondServed ? 'body[data-version="second"]' : 'body:not([data-version])').waitFor()
  return page
}

const BLOWS: readonly Blow[] = [
  { name: 'the renderer is killed', mostLostMs: MOST_LOST_MS, strike: crash },
  { name: 'the tab is closed', mostLostMs: MOST_LOST_MS, strike: close },
  { name: 'the page is loaded anew', mostLostMs: MOST_LOST_MS, strike: reload },
  { name: 'an update is taken', mostLostMs: 0, prepare: deployOther, strike: takeUpdate },
]

/** All blows in one order after another, by chance. */
function* blows(): Generator<Blow> {
  const random = seededRandom(SEED)
  for (let given = 0; given < ROUNDS; given += BLOWS.length) {
    const drawn = BLOWS.map(blow => ({ blow, rank: random() })).sort((left, right) => left.rank - right.rank)
    yield* drawn.map(({ blow }) => blow)
  }
}

test(`${ROUNDS} kills, closes, reloads and updates while somebody types lose ${MOST_LOST_MS} ms of it at most`, {
  timeout: ROUNDS * 15_000,
}, async () => {
  let page = watched.page
  const losses: string[] = []
  for (const [round, { name, mostLostMs, prepare, strike }] of [...blows()].entries()) {
    await prepare?.(page)
    const typed = await type(page, round)
    const struckAtMs = performance.now()
    page = await strike(page)
    const least = typed.findLast(({ atMs }) => atMs < struckAtMs - mostLostMs)?.text ?? ''
    await expect.poll(() => box(page).inputValue()).not.toBe('')
    const found = await box(page).inputValue()
    if (!found.startsWith(least)) losses.push(`round ${round}, ${name}: “${found}” instead of “${least}…”`)
  }
  expect(losses).toEqual([])
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
