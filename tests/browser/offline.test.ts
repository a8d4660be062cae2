import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { faultsBesideNetwork, launchBrowser, openPage, type WatchedPage, waitUntilStarted } from '../helpers/browser.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const PLAIN = 'replay/fixture:openai-samples/chat-plain'
const FULL_RUN = process.env['FULL_RUN'] === '1'
const QUEUED_PROMPTS = FULL_RUN ? 100 : 20

let browser: Browser
let replay: Replay
let server: TestServer
let watched: WatchedPage[]

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  replay = await startReplay(findRecordings('openai-samples'))
  server = await startTestServer({
    client: staticFiles('dist'),
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
  watched = []
})

afterEach(async () => {
  for (const { context } of watched) await context.close()
  await server.close()
  await replay.close()
  const faults = watched.flatMap(page => page.faults)
  expect(faultsBesideNetwork(faults)).toEqual([])
})

/** A page in a profile of its own whose model answers from a recording. */
async function openDevice(path = '/'): Promise<Page> {
  const device = await openPage(browser)
  watched.push(device)
  await device.context.addInitScript(model => window.localStorage.setItem('llmr-model', model), PLAIN)
  await device.page.goto(`${server.url}${path}`)
  await waitUntilStarted(device.page)
  return device.page
}

const synced = (page: Page) => page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()
const turns = (page: Page, state: string) => page.locator(`.turn[data-state="${state}"]`)
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const listed = (page: Page, title: string) => page.locator('.list').getByRole('link', { name: title })

/** From here on the server is silent for this page, which has noticed; what the browser has of the server stays. */
async function cutOff(page: Page): Promise<void> {
  await page.route('**/api/**', route => route.abort())
  await page.route('**/health', route => route.abort())
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await page.locator('.bar').getByText('pi silent').waitFor()
}

async function reconnect(page: Page): Promise<void> {
  await page.unrouteAll()
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
}

/** Makes the prompt that was asked first look as if it had waited so long: time itself cannot be turned in a worker. */
async function ageQueue(page: Page, hours: number): Promise<void> {
  await page.evaluate(async milliseconds => {
    const request = window.indexedDB.open('llmr')
    await new Promise(resolve => request.addEventListener('success', resolve))
    const transaction = request.result.transaction('mut', 'readwrite')
    const log = transaction.objectStore('mut')
    const all = log.getAll()
    all.addEventListener('success', () => {
      const oldest = all.result.find(({ body }) => body.op === 'run.start')
      log.put({ ...oldest, made_at: oldest.made_at - milliseconds })
    })
    await new Promise(resolve => transaction.addEventListener('complete', resolve))
    request.result.close()
  }, hours * 3_600_000)
}

async function ask(page: Page, text: string): Promise<void> {
  await box(page).fill(text)
  await box(page).press('Enter')
}

/** Asks as a script would and waits for the answer; gives the conversation's path. */
async function askByScript(message: string): Promise<string> {
  const response = await server.request('/api/chat/stream', { body: { model: PLAIN, message } })
  await response.text()
  const [{ id }] = await (await server.request('/api/conversations')).json()
  return `/c/${id}`
}

async function rename(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: /^session of/ }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill(title)
  await page.getByRole('textbox', { name: 'Title' }).press('Enter')
}

function shownText(page: Page): Promise<string[]> {
  return page.locator('.ask-text, .answer').allInnerTexts()
}

function promptsAsked(): string[] {
  return replay.calls.flatMap(({ path, body }) => {
    if (!path.endsWith('/chat/completions')) return []
    const { messages } = body as { messages: readonly { readonly role: string; readonly content: string }[] }
    return messages.findLast(({ role }) => role === 'user')?.content ?? []
  })
}

test('a part that did not come at the start, by accident, comes by itself while the pi answers', async () => {
  const device = await openPage(browser)
  watched.push(device)
  const { page } = device
  await page.route('**/assets/open-device-*.js', route => route.abort(), { times: 1 })

  await page.goto(server.url)

  await synced(page)
  await page.getByText('No chats yet.').first().waitFor()
})

describe('while the server cannot be reached', () => {
  test('a reloaded page lists, opens and reads what was there before', async () => {
    await askByScript('The first question')
    const path = await askByScript('The second question')
    const page = await openDevice()
    await listed(page, 'The first question').waitFor()
    await cutOff(page)

    await page.reload()
    await listed(page, 'The first question').waitFor()
    await listed(page, 'The second question').click()
    await turns(page, 'complete').waitFor()

    expect(page.url()).toBe(`${server.url}${path}`)
    await page.locator('.answer').getByText('Grüße').first().waitFor()
    expect(await page.locator('.skeleton:visible').count()).toBe(0)
  })

  test('a chat is renamed, put in the trash and taken out of it', async () => {
    const path = await askByScript('A question')
    const page = await openDevice(path)
    await turns(page, 'complete').waitFor()
    await cutOff(page)
    await page.reload()
    await turns(page, 'complete').waitFor()

    await rename(page, 'Another name')
    await listed(page, 'Another name').waitFor()
    await page.getByRole('button', { name: /^session of/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'delete' }).click()
    await listed(page, 'Another name').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'undo' }).click()
    await listed(page, 'Another name').waitFor()

    await reconnect(page)
    await synced(page)
    const [conversation] = await (await server.request('/api/conversations')).json()
    expect(conversation).toMatchObject({ title: 'Another name', deleted_at: null })
  })

  test('what was being written is still in the box after a reload', async () => {
    const page = await openDevice()
    await cutOff(page)
    await box(page).fill('Half a thought')
    await page.reload()

    await expect.poll(() => box(page).inputValue()).toBe('Half a thought')
  })

  test(`${QUEUED_PROMPTS} prompts wait over a reload, and leave once each, in their order, when the server is back`, async () => {
    const page = await openDevice()
    await cutOff(page)
    const prompts = Array.from({ length: QUEUED_PROMPTS }, (_, index) => `Prompt number ${index + 1}`)
    for (const [index, prompt] of prompts.entries()) {
      await ask(page, prompt)
      await turns(page, 'queued').nth(index).waitFor()
    }
    await page.reload()
    // Turns far from the screen are boxes, which show no state.
    const last = page.locator('.log .turn').nth(QUEUED_PROMPTS - 1)
    await last.and(turns(page, 'queued')).waitFor()
    expect(await last.innerText()).toContain('Queued. Goes out when the pi answers.')
    expect(promptsAsked()).toEqual([])

    await reconnect(page)
    await last.and(turns(page, 'complete')).waitFor({ timeout: 50_000 })

    expect(promptsAsked()).toEqual(prompts)
  })
})

describe('a prompt that waits', () => {
  test('is taken back into the box, and never sent', async () => {
    const page = await openDevice()
    await cutOff(page)
    await ask(page, 'Not so fast')
    await turns(page, 'queued').waitFor()

    await page.getByRole('button', { name: 'drop' }).click()
    await expect.poll(() => box(page).inputValue()).toBe('Not so fast')
    await reconnect(page)
    await synced(page)

    expect(await turns(page, 'queued').count()).toBe(0)
    expect(await (await server.request('/api/conversations')).json()).toEqual([])
    expect(promptsAsked()).toEqual([])
  })

  test('gives way to its changed text, and what was queued behind it stays behind it', async () => {
    const page = await openDevice()
    await cutOff(page)
    await ask(page, 'One')
    await turns(page, 'queued').nth(0).waitFor()
    await ask(page, 'Two')
    await turns(page, 'queued').nth(1).waitFor()

    await turns(page, 'queued').nth(0).getByRole('button', { name: 'edit' }).click()
    await ask(page, 'One, said better')
    await page.getByRole('heading', { name: 'One, said better' }).waitFor()
    await reconnect(page)
    await turns(page, 'complete').nth(1).waitFor()

    expect(promptsAsked()).toEqual(['One, said better', 'Two'])
  })
})

test('a prompt that has waited for half a day asks before it goes, and so does what was queued behind it', async () => {
  const page = await openDevice()
  await cutOff(page)
  await ask(page, 'Yesterday’s question')
  await turns(page, 'queued').nth(0).waitFor()
  await ask(page, 'And another thing')
  await turns(page, 'queued').nth(1).waitFor()
  await ageQueue(page, 13)

  await reconnect(page)
  await page.getByText('Asks you before it goes').first().waitFor()
  await synced(page)
  expect(promptsAsked()).toEqual([])
  await turns(page, 'queued').nth(0).getByRole('button', { name: 'send now' }).click()
  await turns(page, 'complete').nth(0).waitFor()
  await turns(page, 'queued').nth(0).getByRole('button', { name: 'send now' }).click()
  await turns(page, 'complete').nth(1).waitFor()

  expect(promptsAsked()).toEqual(['Yesterday’s question', 'And another thing'])
})

describe('two devices', () => {
  test('a new name on one shows on the other', async () => {
    const path = await askByScript('A question')
    const [desk, phone] = [await openDevice(path), await openDevice(path)]

    await rename(desk, 'Named on the desk')

    await listed(phone, 'Named on the desk').waitFor()
  })

  test('that changed the same chat while cut off show the same in the end', async () => {
    const path = await askByScript('A question')
    const [desk, phone] = [await openDevice(path), await openDevice(path)]
    await Promise.all([cutOff(desk), cutOff(phone)])
    await rename(desk, 'Named on the desk')
    await ask(desk, 'From the desk')
    await turns(desk, 'queued').waitFor()
    await rename(phone, 'Named on the phone')
    await ask(phone, 'From the phone')
    await turns(phone, 'queued').waitFor()

    await reconnect(desk)
    await reconnect(phone)
    await Promise.all([desk, phone].map(page => listed(page, 'Named on the phone').waitFor()))
    await Promise.all([desk, phone].map(page => page.getByText('From the phone').first().waitFor()))
    await Promise.all([desk, phone].map(page => turns(page, 'complete').nth(1).waitFor()))

    expect(promptsAsked().toSorted()).toEqual(['A question', 'From the desk', 'From the phone'])
    expect(await shownText(desk)).toEqual(await shownText(phone))
  })
})

test('a browser that has cleared its data is told of, and its chats come back', async () => {
  await askByScript('A question')
  const page = await openDevice()
  await listed(page, 'A question').waitFor()
  await page.goto(`${server.url}/icon.svg`)
  await page.evaluate(async () => {
    const request = window.indexedDB.deleteDatabase('llmr')
    await new Promise(resolve => request.addEventListener('success', resolve))
  })

  await page.goto(server.url)

  await page.getByText('This browser has cleared its data').filter({ visible: true }).waitFor()
  await listed(page, 'A question').waitFor()
})

test('a server that restarts while somebody writes costs neither the text nor the prompt', async () => {
  const page = await openDevice()
  await box(page).fill('Written across')
  const folder = server.databasePath.replace(/\/[^/]+$/, '')
  const { port } = new URL(server.url)
  await server.stop()
  await box(page).press('End')
  await page.keyboard.type(' a restart')
  await page.keyboard.press('Enter')
  await turns(page, 'queued').waitFor()

  server = await startTestServer({
    client: staticFiles('dist'),
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
    folder,
    port: Number(port),
  })
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await turns(page, 'complete').waitFor()

  expect(promptsAsked()).toEqual(['Written across a restart'])
})
