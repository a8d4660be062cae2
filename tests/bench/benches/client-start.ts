import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { staticFiles } from '../../../server/http/static-files.ts'
import { launchProfile, PHONE } from '../../helpers/browser.ts'
import { kept } from '../../helpers/installed-page.ts'
import { startTestServer } from '../../helpers/test-server.ts'
import { mainThreadUntilPaint, watchMainThread } from '../browser.ts'
import { writeDataSet } from '../data-set.ts'
import type { Row } from '../row.ts'
import { median } from '../statistics.ts'

/** The whole reference set is 10,000 conversations of 20 messages; BENCH_CONVERSATIONS takes a part of it. */
const CONVERSATIONS = Number(process.env['BENCH_CONVERSATIONS'] ?? 10_000)
const MESSAGES_EACH = 20
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)
const SLOW = 4
/** What the list begins with: more than any screen shows. */
const LISTED = 30
const COPY_PATIENCE_MS = 280_000

/** A phone that has everything, started again without its server: from the address to what was looked at last. */
export async function clientStart(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  const profile = mkdtempSync(join(tmpdir(), 'llm-router-profile-'))
  writeDataSet(join(folder, 'llm-router.db'), {
    conversations: CONVERSATIONS,
    messagesEach: MESSAGES_EACH,
    seed: 20_261_123,
  })
  const server = await startTestServer({ folder, client: staticFiles('dist') })
  try {
    const [chat]: readonly { readonly id: string }[] = await (await server.request('/api/conversations')).json()
    const address = `${server.url}/c/${chat?.id}`
    await withProfile(profile, page => visit(page, address))
    await server.stop()
    return await measure(profile, { address, list: `${server.url}/chats` })
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
    rmSync(profile, { recursive: true, force: true })
  }
}

async function measure(
  profile: string,
  { address, list }: { readonly address: string; readonly list: string },
): Promise<readonly Row[]> {
  const [words, formatted, threads, lists]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let round = 0; round < ROUNDS; round++) {
    const shown = await withProfile(profile, page => coldStart(page, address, ANSWER))
    words.push(shown.firstMs)
    formatted.push(shown.allMs)
    threads.push(await withProfile(profile, page => mainThreadUntilPaint(page, { url: address, rate: SLOW })))
  }
  // Only now: a page that is left on the list is not started again in the chat.
  for (let round = 0; round < ROUNDS; round++)
    lists.push((await withProfile(profile, page => coldStart(page, list, LIST))).allMs)
  const of = `${CONVERSATIONS.toLocaleString('en')} chats stored, processor four times slower`
  const row = (what: string, values: readonly number[], most: number): Row => ({
    what,
    unit: 'ms',
    baseline: null,
    product: median(values),
    target: { most },
  })
  return [
    row(`cold start without a server to the words of the last chat, ${of}`, words, 300),
    row('the same, to its last answer formatted', formatted, 300),
    row(`the same, to ${LISTED} chats in the list`, lists, 300),
    row('main thread until the first paint, processor four times slower', threads, 100),
  ]
}

async function withProfile<Result>(profile: string, work: (page: Page) => Promise<Result>): Promise<Result> {
  const context: BrowserContext = await launchProfile(profile, PHONE)
  try {
    return await work(await context.newPage())
  } finally {
    await context.close()
  }
}

/** The first visit: everything is copied to the device, and the page is kept by its service worker. */
async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await kept(page)
  await page.waitForFunction(isCopied, null, { timeout: COPY_PATIENCE_MS, polling: 1_000 })
  await page.locator('.chapter:last-child > .turn:last-child .answer p').waitFor()
  // A page that is left keeps what it showed; a browser that is closed at once may not have written it down.
  await page.goto(new URL('/icon.svg', address).href)
  await page.waitForFunction(() => localStorage.getItem('llmr-screen') !== null)
}

function isCopied(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('llmr')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const reading = database.transaction('meta').objectStore('meta').get('sync')
      reading.onsuccess = () => {
        database.close()
        resolve(reading.result?.first_load.phase === 'done')
      }
    }
  })
}

/** What is waited for: at first its words, then all of it as it stays. */
type Shown = { readonly first: string; readonly all: string; readonly count: number }
const ANSWER: Shown = {
  first: '.chapter:last-child > .turn:last-child .answer:not(:empty)',
  all: '.chapter:last-child > .turn:last-child .answer p',
  count: 1,
}
const LIST: Shown = { first: '.list .row', all: '.list .row', count: LISTED }

/** Milliseconds from the start of the navigation to the frames that show it. */
async function coldStart(
  page: Page,
  address: string,
  wanted: Shown,
): Promise<{ readonly firstMs: number; readonly allMs: number }> {
  const thread = await watchMainThread(page)
  await thread.slowDown(SLOW)
  await page.addInitScript(({ first, all, count }) => {
    let firstMs = 0
    const look = (): void => {
      // Asked in a frame, it is painted with that frame.
      if (firstMs === 0 && document.querySelector(first) !== null) firstMs = performance.now()
      if (document.querySelectorAll(all).length < count) requestAnimationFrame(look)
      else Reflect.set(window, 'shownMs', { firstMs, allMs: performance.now() })
    }
    requestAnimationFrame(look)
  }, wanted)
  await page.goto(address, { waitUntil: 'commit' })
  const shown = await page.waitForFunction(() => Reflect.get(window, 'shownMs'), null, { timeout: 60_000 })
  return shown.jsonValue()
}
