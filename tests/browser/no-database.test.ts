import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, type WatchedPage, waitUntilStarted } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const MANUAL = 'manual/manual'

let browser: Browser
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  server = await startTestServer({ client: staticFiles('dist') })
  watched = await openPage(browser)
})

afterEach(async () => {
  await watched.context.close()
  await server.close()
  expect(watched.faults).toEqual([])
})

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const listed = (page: Page, title: string) =>
  page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: title })

async function askByScript(message: string): Promise<void> {
  const response = await server.request('/api/chat/stream', { body: { model: MANUAL, message } })
  await response.text()
}

test('a page for which the browser stores nothing works while it is open, and says what that means', async () => {
  await askByScript('How do I add a key?')
  const { page } = watched
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError')
    }
  })

  await page.goto(server.url)
  await page.getByText('This browser stores nothing for this page').last().waitFor()
  await listed(page, 'How do I add a key?').click()
  await page.locator('.turn[data-state="complete"]').waitFor()
  await box(page).fill('And a second one?')
  await box(page).press('Enter')
  await page.locator('.turn[data-state="complete"]').nth(1).waitFor()

  expect(await page.locator('.bar').getByText('not kept here').count()).toBe(1)
  const [conversation] = await (await server.request('/api/conversations')).json()
  const { messages } = await (await server.request(`/api/conversations/${conversation.id}`)).json()
  expect(messages).toHaveLength(4)
})

test('a database that cannot be opened gives out what was not sent, and a new one is filled from the server', async () => {
  await askByScript('On the pi')
  const { page } = watched
  await page.goto(server.url)
  await listed(page, 'On the pi').waitFor()
  await waitUntilStarted(page)
  await page.route('**/api/**', route => route.abort())
  await box(page).fill('Never sent')
  await box(page).press('Enter')
  await page.locator('.turn[data-state="queued"]').waitFor()
  await page.unrouteAll()
  // What Chromium says of a damaged store, to whoever asks for it as the product does.
  await page.addInitScript(() => {
    const open = IDBFactory.prototype.open
    IDBFactory.prototype.open = function (name, version) {
      if (version !== undefined && window.localStorage.getItem('mended') === null) {
        throw new DOMException('Internal error opening backing store for indexedDB.open.', 'UnknownError')
      }
      return open.call(this, name, version)
    }
  })
  await bringIn(page, 'Brought in')
  await page.reload()
  const sheet = page.getByRole('dialog', { name: 'This device’s data' })
  await sheet.waitFor()
  await sheet.getByText('What the pi has is safe').waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    sheet.getByRole('button', { name: 'save what was not sent' }).click(),
  ])
  await sheet.getByText('Saved.', { exact: true }).waitFor()
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8'))
  await page.evaluate(() => window.localStorage.setItem('mended', 'yes'))
  await sheet.getByRole('button', { name: 'start over' }).click()
  await listed(page, 'On the pi').waitFor()

  expect(download.suggestedFilename()).toMatch(/^llm-router-unsent-\d{4}-\d\d-\d\d\.json$/)
  expect(JSON.stringify(saved.mut)).toContain('Never sent')
  expect(JSON.stringify(saved.conversations)).toContain('Brought in')
  expect(saved.messages.map((row: { readonly id: string }) => row.id)).toEqual(['first', 'second'])
  expect(saved.unreadable).toEqual([])
  expect(await listed(page, 'Never sent').count()).toBe(0)
})

/** Writes a chat as an import does, before the sync has heard of it, and another that is on its way. */
function bringIn(page: Page, title: string): Promise<void> {
  return page.evaluate(async name => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('llmr')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    const writing = database.transaction(['conversations', 'messages', 'untold', 'parcels'], 'readwrite')
    writing.objectStore('conversations').put({ id: 'one', title: name, updated_at: 1, at: {}, rev: 0, era: -1 })
    writing.objectStore('messages').put({ id: 'first', conversation_id: 'one', content: name, at: {}, rev: 0, era: -1 })
    writing.objectStore('untold').put({ id: 'one', after: null })
    const second = { kind: 'messages', conversation_id: 'two', id: 'second' }
    writing.objectStore('messages').put({ ...second, content: name, at: {}, rev: 0, era: -1 })
    writing.objectStore('parcels').put({ n: 1, schema: 1, made_at: 1, rows: [{ ...second, mid: 'name' }] })
    await new Promise(resolve => writing.addEventListener('complete', resolve))
    database.close()
  }, title)
}
