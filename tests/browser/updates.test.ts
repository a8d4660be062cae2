import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts'
import { buildVersion } from '../helpers/build-version.ts'
import { kept } from '../helpers/installed-page.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const HOUR = '01:00:01'

let browser: Browser
let folders: string[]
let second: string
let third: string
let server: TestServer
let watched: WatchedPage | null

beforeAll(async () => {
  browser = await launchBrowser()
  second = await buildVersion('second')
  third = await buildVersion('third')
  folders = [second, third]
})

afterAll(async () => {
  await browser.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  server = await startTestServer({ client: staticFiles('dist') })
  watched = null
})

afterEach(async () => {
  await watched?.context.close()
  await server.close()
  // The browser itself reports each file that it does not get.
  const expected = /^Failed to load resource|^Refused to apply style/
  expect(watched?.faults.filter(fault => !expected.test(fault))).toEqual([])
})

/** The server comes back with another build, where it was and with the data it had. */
async function deploy(dist: string): Promise<void> {
  const folder = server.databasePath.replace(/\/[^/]+$/, '')
  const port = Number(new URL(server.url).port)
  await server.stop()
  server = await startTestServer({ client: staticFiles(dist), folder, port })
}

/** A tab whose time can be turned forward, kept by its service worker. */
async function openKept(): Promise<Page> {
  watched = await openPage(browser)
  const { page } = watched
  await page.clock.install()
  await page.goto(server.url)
  await kept(page)
  return page
}

async function openTab(path = '/'): Promise<Page> {
  if (watched === null) throw new Error('There is no device yet')
  const page = await watched.context.newPage()
  await page.goto(`${server.url}${path}`)
  return page
}

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const note = (page: Page) => page.locator('.note:visible', { hasText: 'new version' })
const synced = (page: Page) => page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()
const versionOf = (page: Page) => page.evaluate(() => document.body.dataset['version'] ?? 'first')

async function reloadFromNote(page: Page, version: string): Promise<void> {
  await note(page).getByRole('button', { name: 'reload' }).click()
  await page.locator(`body[data-version="${version}"]`).waitFor()
}

test('a tab that slept over two deploys ends on the newest, with one note and its draft as it was', async () => {
  const page = await openKept()
  await box(page).fill('Half a thought')
  await deploy(second)
  await page.clock.fastForward(HOUR)
  await note(page).waitFor()
  await deploy(third)
  await page.clock.fastForward(HOUR)
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update())

  expect(await note(page).count()).toBe(1)
  expect(await versionOf(page)).toBe('first')
  await reloadFromNote(page, 'third')

  await expect.poll(() => box(page).inputValue()).toBe('Half a thought')
  expect(await note(page).count()).toBe(0)
})

test('a tab that nobody asked keeps its page, its draft and the parts of its version, while another goes on to the next', async () => {
  const asked = await openKept()
  const other = await openTab()
  await box(other).fill('Do not touch')
  await deploy(second)
  await asked.clock.fastForward(HOUR)

  await reloadFromNote(asked, 'second')
  await note(other).waitFor()
  expect(await versionOf(other)).toBe('first')
  expect(await box(other).inputValue()).toBe('Do not touch')
  await other.getByRole('link', { name: /setup/ }).first().click()
  await other.getByRole('heading', { name: 'look' }).waitFor()

  await reloadFromNote(other, 'second')
  await other.goto(server.url)
  await expect.poll(() => box(other).inputValue()).toBe('Do not touch')
})

test('a tab is not loaded anew while an answer is being written', async () => {
  const page = await openKept()
  await deploy(second)
  await page.clock.fastForward(HOUR)
  await note(page).waitFor()
  await box(page).fill('How do I add a key?')
  await box(page).press('Enter')
  await page.locator('.turn[data-state="streaming"]').waitFor()

  await note(page).getByRole('button', { name: 'reload' }).click()
  await page.locator('.note:visible', { hasText: 'Comes when this answer is done' }).waitFor()
  await page.locator('body[data-version="second"]').waitFor()

  await page.locator('.turn[data-state="complete"]').waitFor()
})

test('what was kept of older versions goes, but for the one before', async () => {
  const page = await openKept()
  const first = await keptPaths(page)
  await deploy(second)
  await page.clock.fastForward(HOUR)
  await reloadFromNote(page, 'second')
  expect(await keptPaths(page)).toEqual(expect.arrayContaining(first))

  await deploy(third)
  await page.clock.fastForward(HOUR)
  await reloadFromNote(page, 'third')

  const now = await keptPaths(page)
  const scripts = (dist: string) =>
    readdirSync(join(dist, 'assets'))
      .filter(name => !name.endsWith('.br'))
      .map(name => `/assets/${name}`)
  const gone = scripts('dist').filter(path => !scripts(second).includes(path) && !scripts(third).includes(path))
  expect(gone.length).toBeGreaterThan(3)
  await expect.poll(async () => (await keptPaths(page)).filter(path => gone.includes(path))).toEqual([])
  expect(now).toEqual(expect.arrayContaining(scripts(third)))
})

function keptPaths(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const [name = ''] = await caches.keys()
    return (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)
  })
}

test('a page without a service worker that misses a part of its version is loaded anew, once, with its draft', async () => {
  watched = await openPage(browser, { serviceWorkers: 'block' })
  const { page } = watched
  await page.goto(server.url)
  await synced(page)
  await box(page).fill('Half a thought')
  await deploy(second)

  await page.getByRole('link', { name: /setup/ }).first().click()
  await page.locator('body[data-version="second"]').waitFor()
  await page.locator('.note:visible', { hasText: 'The pi runs a new version' }).waitFor()

  await expect.poll(() => box(page).inputValue()).toBe('Half a thought')
})

test('a part that is missing in the version the server has is told of, and nothing goes round in a circle', async () => {
  const broken = mkdtempSync(join(tmpdir(), 'llm-router-broken-'))
  folders.push(broken)
  cpSync('dist', broken, { recursive: true })
  for (const name of readdirSync(join(broken, 'assets'))) {
    if (name.startsWith('setup-page')) rmSync(join(broken, 'assets', name))
  }
  await deploy(broken)
  watched = await openPage(browser, { serviceWorkers: 'block' })
  const { page } = watched
  let loads = 0
  page.on('load', () => loads++)
  await page.goto(server.url)
  await synced(page)

  await page.getByRole('link', { name: /setup/ }).first().click()
  await page.locator('.note:visible', { hasText: 'The setup page could not be fetched' }).waitFor()

  expect(loads).toBe(1)
})
