import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser, openPage, PHONE } from '../../helpers/browser.ts'
import { watchMainThread } from '../browser.ts'
import { writeDataSet } from '../data-set.ts'
import type { Row } from '../row.ts'
import { startProduct, startUpstream } from '../servers.ts'
import { percentile } from '../statistics.ts'

const CONVERSATIONS = Number(process.env['BENCH_CONVERSATIONS'] ?? 10_000)
const KEYS = 150
const KEY_GAP_MS = 80
/** A piece every 10 ms, for longer than anybody types here. */
const MODEL = 'bench/paced-6000-10'

/** Typing on a new device: everything is being copied to it, and an answer is being written in the chat on the screen. */
export async function clientTyping(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  writeDataSet(join(folder, 'llm-router.db'), { conversations: CONVERSATIONS, messagesEach: 20, seed: 20_261_123 })
  const upstream = await startUpstream()
  const product = await startProduct(upstream.child.url, { folder, environment: { LLM_ROUTER_API_ONLY: '' } })
  try {
    return [
      ...(await rowsAt(product.child.url, {
        rate: 1,
        words: 'typing while an answer streams and everything is copied',
      })),
      ...(await rowsAt(product.child.url, { rate: 4, words: 'the same, processor four times slower' })),
    ]
  } finally {
    await product.child.stop()
    await upstream.child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rowsAt(
  url: string,
  { rate, words }: { readonly rate: number; readonly words: string },
): Promise<readonly Row[]> {
  const delays = await typeOnNewDevice(url, rate)
  const row = (what: string, product: number, most: number): Row => ({
    what: `${words}: key to handler, ${what}`,
    unit: 'ms',
    baseline: null,
    product,
    target: { most },
  })
  return [row('p95', percentile(delays, 0.95), 16), row('longest', Math.max(...delays), 50)]
}

async function typeOnNewDevice(url: string, rate: number): Promise<readonly number[]> {
  const browser = await launchBrowser()
  try {
    const { page, context } = await openPage(browser, PHONE)
    await context.addInitScript(model => localStorage.setItem('llmr-model', model), MODEL)
    await page.goto(url)
    const thread = await watchMainThread(page)
    await thread.slowDown(rate)
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('Write on until I have finished typing.')
    // On a phone the return key makes a new line.
    await page.getByRole('button', { name: 'send' }).click()
    await page.locator('.turn[data-state="streaming"] .answer p').waitFor({ timeout: 60_000 })
    await box.focus()
    const delays = await typeKeys(page)
    const isStillAtIt = await page.locator('.turn[data-state="streaming"]').count()
    if (isStillAtIt === 0 || (await isCopied(page))) throw new Error('It was over before the typing was')
    return delays
  } finally {
    await browser.close()
  }
}

/** From each key, by the browser's own clock, to the handler that hears of it. */
async function typeKeys(page: Page): Promise<readonly number[]> {
  await page.evaluate(() => {
    const delays: number[] = []
    Reflect.set(window, 'delays', delays)
    window.addEventListener('keydown', event => delays.push(performance.now() - event.timeStamp), { capture: true })
  })
  const session = await page.context().newCDPSession(page)
  for (let key = 0; key < KEYS; key++) {
    const text = key % 6 === 5 ? ' ' : 'a'
    // Sent without waiting for the page, as a hand types.
    const isTyped = session.send('Input.dispatchKeyEvent', { type: 'keyDown', text, key: text })
    await page.waitForTimeout(KEY_GAP_MS)
    await isTyped
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text })
  }
  return page.evaluate(() => Reflect.get(window, 'delays'))
}

function isCopied(page: Page): Promise<boolean> {
  return page.evaluate(
    () =>
      new Promise<boolean>((resolve, reject) => {
        const opening = indexedDB.open('llmr')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction('meta').objectStore('meta').get('sync')
          reading.onsuccess = () => {
            opening.result.close()
            resolve(reading.result?.first_load.phase === 'done')
          }
        }
      }),
  )
}
