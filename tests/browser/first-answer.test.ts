import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

let browser: Browser
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  server = await startTestServer({ client: staticFiles('dist') })
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faults).toEqual([])
})

describe.each([
  ['phone', PHONE],
  ['desk', DESK],
])('on a %s', (_name, device) => {
  test('asks the manual, is reloaded in the middle, and sees the same answer finish', async () => {
    watched = await openPage(browser, device)
    const { page } = watched
    await page.goto(server.url)
    await page.getByRole('textbox', { name: /message/i }).fill('How do I add a key?')
    await page.getByRole('button', { name: /send/i }).click()
    await page.locator('.turn[data-state="streaming"] .answer').getByText('key').first().waitFor()

    await page.reload()
    await page.locator('.turn[data-state="streaming"]').waitFor()
    await page.locator('.turn[data-state="complete"]').waitFor()

    const [listed] = await (await server.request('/api/conversations')).json()
    const { messages } = await (await server.request(`/api/conversations/${listed.id}`)).json()
    expect(page.url()).toBe(`${server.url}/c/${listed.id}`)
    expect(messages).toHaveLength(2)
    expect(await page.locator('.answer').innerText()).toContain('From the built-in manual')
    expect(await page.locator('button.meta').innerText()).toContain('free')
  })
})
