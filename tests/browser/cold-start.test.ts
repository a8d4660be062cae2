import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { faultsBesideNetwork, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { kept } from '../helpers/installed-page.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const MODEL = 'replay/fixture:openai-samples/chat-plain'

let browser: Browser
let replay: Replay
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  replay = await startReplay(findRecordings('openai-samples'))
  server = await startServer()
})

afterEach(async () => {
  await watched.context.close()
  await server.close()
  await replay.close()
  expect(faultsBesideNetwork(watched.faults)).toEqual([])
})

function startServer(options: { readonly folder?: string; readonly port?: number } = {}): Promise<TestServer> {
  return startTestServer({
    client: staticFiles('dist'),
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
    ...options,
  })
}

/** The same server again, where it was. */
async function revive(): Promise<void> {
  const folder = server.databasePath.replace(/\/[^/]+$/, '')
  server = await startServer({ folder, port: Number(new URL(server.url).port) })
}

const turns = (page: Page, state: string) => page.locator(`.turn[data-state="${state}"]`)
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const listed = (page: Page, title: string) => page.locator('.list').getByRole('link', { name: title })

/** Asks as a script would and waits for the answer; gives the conversation's path. */
async function askByScript(message: string): Promise<string> {
  await (await server.request('/api/chat/stream', { body: { model: MODEL, message } })).text()
  const [{ id }] = await (await server.request('/api/conversations')).json()
  return `/c/${id}`
}

function promptsAsked(): string[] {
  return replay.calls.flatMap(({ path, body }) => {
    if (!path.endsWith('/chat/completions')) return []
    const { messages } = body as { messages: readonly { readonly role: string; readonly content: string }[] }
    return messages.findLast(({ role }) => role === 'user')?.content ?? []
  })
}

/** A device that has been here once, with everything copied; its page is closed again. */
async function visitOnce(options?: Parameters<typeof openPage>[1]): Promise<void> {
  watched = await openPage(browser, options)
  const { page, context } = watched
  await context.addInitScript(model => {
    // The browser's own page for what it cannot reach has no storage.
    if (window.location.protocol.startsWith('http')) window.localStorage.setItem('llmr-model', model)
  }, MODEL)
  await page.goto(server.url)
  await kept(page)
  await page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor({ state: 'attached' })
  await page.close()
}

/** A new page of the same device. */
async function open(path: string): Promise<Page> {
  const page = await watched.context.newPage()
  page.on('pageerror', error => expect.soft(String(error)).toBe(''))
  await page.goto(`${server.url}${path}`)
  return page
}

test('with the server dead, a link to a chat opens it, and lists, finds and writes go on; all of it is sent once when it is back', async () => {
  await askByScript('The first question')
  const path = await askByScript('The second question')
  await visitOnce()
  await server.stop()

  const page = await open(path)
  await turns(page, 'complete').waitFor()
  await expect.poll(() => page.locator('.answer').innerText()).toContain('Grüße')
  await listed(page, 'The first question').waitFor()
  await page.getByRole('searchbox').fill('first')
  await expect.poll(() => listed(page, 'The second question').count()).toBe(0)
  await listed(page, 'The first question').click()
  await page.getByRole('heading', { name: 'The first question', level: 2 }).waitFor()
  await box(page).fill('Asked in the dark')
  await box(page).press('Enter')
  await turns(page, 'queued').waitFor()
  await page.close()

  const again = await open('/')
  await revive()
  await again.evaluate(() => window.dispatchEvent(new Event('online')))
  await listed(again, 'The first question').click()
  await turns(again, 'complete').nth(1).waitFor()

  expect(promptsAsked()).toEqual(['The first question', 'The second question', 'Asked in the dark'])
})

test('the shell waits for nobody on a phone whose server is dead', async () => {
  const path = await askByScript('A question')
  await visitOnce(PHONE)
  await server.stop()

  const page = await watched.context.newPage()
  const startedAtMs = performance.now()
  await page.goto(`${server.url}${path}`)
  await page.getByRole('heading', { name: 'A question', level: 2 }).waitFor()

  // Far above what a busy machine needs, far below any wait for an answer of the network.
  expect(performance.now() - startedAtMs).toBeLessThan(5_000)
})

describe('before the database of this device has answered', () => {
  test('the last chat stands as it was left', async () => {
    const path = await leaveChat()

    const page = await startWithoutDatabase(path)

    await page.getByRole('heading', { name: 'The last question', level: 2 }).waitFor()
    expect(await page.locator('.answer p').last().innerText()).toContain('Grüße')
    await listed(page, 'The last question').waitFor()
  })

  test('an answer that holds what no answer is made of is formatted from its words instead', async () => {
    const path = await leaveChat()
    await watched.context.addInitScript(() => {
      const kept = window.localStorage.getItem('llmr-screen') ?? ''
      const hostile = '"tag":"img","attributes":{"src":"/none","onerror":"window.wasAttacked = true"}'
      window.localStorage.setItem('llmr-screen', kept.replaceAll('"tag":"p","attributes":{"dir":"auto"}', hostile))
    })

    const page = await startWithoutDatabase(path)

    await page.locator('.answer').last().getByText('Grüße').waitFor()
    expect(await page.evaluate(() => window.localStorage.getItem('llmr-screen'))).toContain('wasAttacked')
    expect(await page.locator('.answer img').count()).toBe(0)
  })
})

/** A chat with an answer was the last that this device showed; its server is gone since. */
async function leaveChat(): Promise<string> {
  const path = await askByScript('The last question')
  await visitOnce()
  const left = await open(path)
  await left.locator('.answer[data-settled]').last().getByText('Grüße').waitFor()
  await left.goto('about:blank')
  await server.stop()
  return path
}

async function startWithoutDatabase(path: string): Promise<Page> {
  const page = await watched.context.newPage()
  await page.addInitScript(() => {
    // A request that nobody ever answers.
    Reflect.set(IDBFactory.prototype, 'open', () => new EventTarget())
  })
  await page.goto(`${server.url}${path}`)
  return page
}

test('a part that is needed for the first time opens without the server', async () => {
  await visitOnce()
  await server.stop()

  const page = await open('/setup')

  await page.getByRole('heading', { name: 'look' }).waitFor()
})

test('what belongs to the server is never answered by the page, and the worker sees no call of the API', async () => {
  await visitOnce()
  const page = await open('/')
  const seen = await page.evaluate(async () => {
    const answers = await Promise.all(
      ['/api/conversations', '/health', '/icon.svg', '/api/nothing'].map(path => fetch(path)),
    )
    return answers.map(answer => `${answer.status} ${answer.headers.get('content-type')?.split(';')[0]}`)
  })
  expect(seen).toEqual(['200 application/json', '200 application/json', '200 image/svg+xml', '404 application/json'])

  await server.stop()
  for (const path of ['/api/conversations', '/health', '/ca', '/.well-known/x', '/https']) {
    await expect(page.goto(`${server.url}${path}`), path).rejects.toThrow('ERR_')
  }
})
