import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { faultsBesideNetwork, launchBrowser, openPage, PHONE, setVisibility } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

/** Stands in what is asked, and nowhere else. */
const MARK = 'quokka-7f3a-sundial'

let browser: Browser
let server: TestServer

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startTestServer({ client: staticFiles('dist') })
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

/** All that the browser keeps for this page, as one text. */
function storedInBrowser(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const kept: unknown[] = [{ ...localStorage }, { ...sessionStorage }]
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name ?? ''))
      for (const store of database.objectStoreNames) {
        kept.push(await settled(database.transaction(store).objectStore(store).getAll()))
      }
      database.close()
    }
    return JSON.stringify(kept)
  })
}

function storedOnServer(): string {
  const folder = dirname(server.databasePath)
  return readdirSync(folder, { withFileTypes: true })
    .filter(file => file.isFile())
    .map(({ name }) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}

test('a temporary chat is answered over a lost line, is written down nowhere, comes back by undo, and can be kept', async () => {
  const { page, context, faults } = await openPage(browser, PHONE)
  await page.goto(`${server.url}/temporary`)
  const keep = page.getByRole('button', { name: 'keep this chat' })
  await page.getByText('In this page alone').waitFor()
  expect(await keep.isVisible()).toBe(false)

  await page.getByRole('textbox', { name: 'Message' }).fill(`${MARK}: how do I add a key?`)
  await page.getByRole('button', { name: /^send/ }).tap()
  await page.locator('.turn .answer, .log .answer').first().waitFor()
  // Nobody is told when it is ready, so it is read in the dark too.
  await setVisibility(page, 'hidden')
  await context.setOffline(true)
  await context.setOffline(false)
  const answer = page.locator('.log .answer')
  await expect.poll(() => answer.innerText(), { timeout: 60_000 }).toContain('no language model, free')
  await setVisibility(page, 'visible')
  await page.getByRole('textbox', { name: 'Message' }).fill(`${MARK} draft`)
  const url = new URL(page.url()).pathname
  // A page that goes out of sight keeps what it showed.
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')))
  await expect.poll(async () => (await (await server.request('/api/usage/summary')).json()).total.requests).toBe(1)

  expect(url).toBe('/temporary')
  expect(await storedInBrowser(page)).toContain('llmr-screen')
  expect(await storedInBrowser(page)).not.toContain(MARK)
  expect(storedOnServer()).not.toContain(MARK)

  await page.getByRole('link', { name: 'Chats' }).first().tap()
  await page.getByText('No chats yet.').waitFor()
  await page.goBack()
  await answer.waitFor()
  await page.getByRole('link', { name: 'New chat' }).first().tap()
  await answer.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'undo' }).first().tap()
  await answer.waitFor()

  await keep.tap()
  await page.waitForURL(/\/c\//)
  const id = new URL(page.url()).pathname.slice(3)
  const onServer = async () => (await (await server.request(`/api/conversations/${id}`)).json()).messages ?? []
  await expect.poll(async () => (await onServer()).length).toBe(2)
  const [question, kept] = await onServer()
  const { by_conversation } = await (await server.request('/api/usage/summary')).json()

  expect(question.content).toContain(MARK)
  expect(kept).toMatchObject({ role: 'assistant', status: 'complete', model: 'manual/manual' })
  expect(kept.content).toContain('no language model, free')
  expect(by_conversation).toMatchObject([{ conversation_id: id, requests: 1 }])
  // The line was cut on purpose.
  expect(faultsBesideNetwork(faults)).toEqual([])
  await context.close()
}, 120_000)
