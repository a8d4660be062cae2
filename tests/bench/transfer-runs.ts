import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page, Request } from 'playwright-core'
import type { DataSet } from './data-set.ts'

/** What a job in the browser took, and what the page felt of it. */
export type JobFigures = {
  readonly seconds: number
  /** The longest that anything on the screen waited for the main thread, in milliseconds. */
  readonly longestTaskMs: number
  /** How much more memory the page and its workers held at the most. */
  readonly megabytes: number
}

const LONGEST_JOB_MS = 20 * 60 * 1000
const LOOK_EVERY_MS = 100
const COUNT_EVERY_MS = 1000
const MEGABYTE = 1_000_000

/** Opens the data page of the product and waits until it is at rest. */
export async function openData(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(LONGEST_JOB_MS)
  await page.goto(`${url}/setup/data`)
  await page.getByRole('button', { name: /bring in/ }).waitFor()
  await page.evaluate(() => {
    Reflect.set(window, 'longTasks', [])
    new PerformanceObserver(list => {
      Reflect.get(window, 'longTasks').push(...list.getEntries().map(({ duration }) => duration))
    }).observe({ type: 'longtask' })
  })
  return page
}

/** Brings a file in through the product's own dialog, dry run first. */
export async function bringIn(
  page: Page,
  path: string,
): Promise<{ readonly look: JobFigures; readonly take: JobFigures }> {
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: /bring in/ }).click()
  await dialog.getByText('choose a file').waitFor()
  const start = dialog.getByRole('button', { name: 'bring in', exact: true })
  const look = await watchJob(page, async () => {
    await dialog.locator('input[type="file"]').setInputFiles(path)
    await start.waitFor()
  })
  const take = await watchJob(page, async () => {
    await start.click()
    await dialog.getByText('Brought in.').waitFor()
  })
  await dialog.getByRole('button', { name: 'close', exact: true }).click()
  return { look, take }
}

/** Takes everything out as JSON; `savedTo` gets the file. */
export async function takeOut(page: Page, savedTo: string): Promise<JobFigures> {
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: /take out/ }).click()
  await dialog.getByText('json', { exact: true }).click()
  return watchJob(page, async () => {
    const download = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'take out', exact: true }).click()
    await (await download).saveAs(savedTo)
  })
}

async function watchJob(page: Page, work: () => Promise<void>): Promise<JobFigures> {
  await page.evaluate(() => Reflect.get(window, 'longTasks').splice(0))
  const processes = await renderersOf(page)
  const before = residentMegabytes(processes)
  let most = before
  const life = new AbortController()
  const looking = (async () => {
    while (!life.signal.aborted) {
      most = Math.max(most, residentMegabytes(processes))
      await sleep(LOOK_EVERY_MS)
    }
  })()
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1000
  life.abort()
  await looking
  const longestTaskMs: number = await page.evaluate(() => Math.max(0, ...Reflect.get(window, 'longTasks')))
  return { seconds, longestTaskMs, megabytes: most - before }
}

/** The processes that run pages and their workers. */
async function renderersOf(page: Page): Promise<readonly number[]> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('A profile has a browser')
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
}

/** What of processes lies in memory, by Linux's own count. */
function residentMegabytes(processes: readonly number[]): number {
  const pages = processes.map(id => Number(readFileSync(`/proc/${id}/statm`, 'utf8').split(' ')[1]))
  return (pages.reduce((sum, count) => sum + count, 0) * 4096) / MEGABYTE
}

/** How long the browser takes for so many rows of about a kilobyte and nothing else: 500 in a transaction, as fast as it can. */
export async function putBareRows(page: Page, rows: number): Promise<number> {
  const milliseconds = await page.evaluate(async count => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('bare')
      request.onupgradeneeded = () => request.result.createObjectStore('rows', { keyPath: ['conversation_id', 'id'] })
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const text = Array.from({ length: 70 }, (_, index) => (index * 7919).toString(36)).join(' word ')
    const startedAt = performance.now()
    for (let start = 0; start < count; start += 500) {
      const transaction = database.transaction('rows', 'readwrite', { durability: 'relaxed' })
      const store = transaction.objectStore('rows')
      for (let index = start; index < Math.min(count, start + 500); index++) {
        const id = String(index).padStart(36, '0')
        const conversation_id = String(Math.floor(index / 20)).padStart(36, '0')
        store.put({
          id,
          conversation_id,
          role: 'user',
          content: `${index} ${text}`,
          at: {},
          rev: 0,
          era: 0,
          created_at: index,
        })
      }
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
      })
    }
    const milliseconds = performance.now() - startedAt
    database.close()
    await new Promise<void>(resolve => {
      indexedDB.deleteDatabase('bare').onsuccess = () => resolve()
    })
    return milliseconds
  }, rows)
  return milliseconds / 1000
}

/** Until the server knows all of a data set, by the device's own word: counting its rows each time would keep the server busy. */
export async function secondsToPi(page: Page, url: string, { conversations, messagesEach }: DataSet): Promise<number> {
  const startedAt = performance.now()
  const isAll = async (): Promise<boolean> => {
    await page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()
    const boot: Readonly<Record<string, number>> = await (await fetch(`${url}/api/sync/boot`)).json()
    return Number(boot['messages']) >= conversations * messagesEach
  }
  while (!(await isAll())) await sleep(COUNT_EVERY_MS)
  return (performance.now() - startedAt) / 1000
}

/** How long a prompt waits for what goes on meanwhile, in milliseconds. */
export type AskFigures = { readonly leavesAfterMs: number; readonly beginsAfterMs: number }

/** A prompt in another tab of the same browser: until the request that carries it, and until its answer begins to show. */
export async function askMeanwhile(page: Page, url: string): Promise<AskFigures> {
  const context = page.context()
  const tab = await context.newPage()
  try {
    await tab.goto(url)
    await tab.getByRole('textbox').fill('How do I bring chats in?')
    const isPrompt = (request: Request): boolean => request.postData()?.includes('"run.start"') ?? false
    const startedAt = performance.now()
    const since = (): number => performance.now() - startedAt
    const leaving = context.waitForEvent('request', { predicate: isPrompt, timeout: LONGEST_JOB_MS }).then(since)
    await tab.keyboard.press('Enter')
    const answer = tab.locator('.turn[data-state="streaming"], .turn[data-state="complete"]').first()
    const [leavesAfterMs, beginsAfterMs] = await Promise.all([leaving, answer.waitFor().then(since)])
    return { leavesAfterMs, beginsAfterMs }
  } finally {
    await tab.close()
  }
}
