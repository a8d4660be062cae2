import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, faultsBesideNetwork, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { kept } from '../helpers/installed-page.ts'
import { type StoredLine, storeChat } from '../helpers/stored-chat.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const ANSWER = { role: 'assistant', model: 'manual/manual' } as const
const LINES: readonly StoredLine[] = [
  { name: 'first question' },
  { ...ANSWER, name: 'short answer', parent: 'first question', cost_nanousd: 1_000_000, price_state: 'reported' },
  {
    ...ANSWER,
    name: 'long answer',
    parent: 'first question',
    device_id: '01900000-0000-7000-8000-0000000000aa',
    content: 'A long answer with\n\n```ts\nconst a = 1\n```',
    cost_nanousd: 3_000_000,
    price_state: 'reported',
  },
  { name: 'second question' },
  { ...ANSWER, name: 'cut answer', content: 'It was cut', status: 'interrupted' },
]

let browser: Browser
let server: TestServer
let watched: WatchedPage
let path: string

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  const { folder, conversationId } = storeChat(LINES)
  server = await startTestServer({ client: staticFiles('dist'), folder })
  path = `${server.url}/c/${conversationId}`
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faultsBesideNetwork(faults)).toEqual([])
})

async function open(device: Parameters<typeof openPage>[1] = DESK) {
  watched = await openPage(browser, device)
  const { page } = watched
  await page.goto(path)
  await page.locator('.answer').getByText('It was cut').waitFor()
  return page
}

test('code in a finished answer is coloured by a worker and keeps its text', async () => {
  const page = await open()

  await page.locator('.syn-key').first().waitFor()

  expect(await page.locator('.answer pre code').textContent()).toBe('const a = 1\n')
})

test('a sibling that another device wrote says which, and when', async () => {
  const page = await open()

  const note = page.locator('.ask-tail').first()

  await expect.poll(() => note.innerText()).toMatch(/^from device 00aa, \d\d:\d\d/)
})

describe('the sheet of a turn', () => {
  test('says how siblings differ and deletes one, with undo', async () => {
    const page = await open(PHONE)
    const turn = page.locator('.turn').first()
    await turn.getByRole('button', { name: 'All actions' }).click()
    const sheet = page.getByRole('dialog', { name: 'Message' })
    await expect.poll(() => sheet.innerText()).toContain('$0.0020 more')

    await sheet.getByRole('button', { name: 'delete' }).click()
    await page.locator('.answer').getByText('short answer').waitFor()
    expect(await page.getByText('2/2').count()).toBe(0)
    await page.getByRole('button', { name: 'undo' }).click()

    await page.getByText('2/2').waitFor()
    await page.locator('.answer').getByText('It was cut').waitFor()
  })
})

test('a cut answer is continued by a question of its own', async () => {
  const page = await open()

  await page.getByRole('button', { name: 'continue' }).click()

  await page.getByRole('heading', { name: /go on exactly where you stopped/i }).waitFor()
  expect(await page.locator('.answer').getByText('It was cut').count()).toBe(1)
})

test('a chat is branched from here with no network, and the copy comes to the pi later', async () => {
  const page = await open()
  const branch = page.locator('.acts:visible').getByRole('button', { name: 'branch' })
  // The first branch fetches the code for it.
  await branch.click()
  await page.waitForURL(url => !path.endsWith(url.pathname))
  await page.goBack()
  // What it fetches by itself is there.
  await kept(page)
  await watched.context.setOffline(true)

  await branch.click()
  await page.waitForURL(url => !path.endsWith(url.pathname))
  await page.locator('.answer').getByText('It was cut').waitFor()
  await watched.context.setOffline(false)

  const read = async () => (await (await server.request('/api/conversations')).json()).length
  await expect.poll(read, { timeout: 20_000 }).toBe(3)
  const [copy] = await (await server.request('/api/conversations')).json()
  const { messages } = await (await server.request(`/api/conversations/${copy.id}`)).json()
  expect(messages.map(({ content }: { content: string }) => content.slice(0, 15))).toEqual([
    'first question',
    'A long answer w',
    'second question',
    'It was cut',
  ])
  const answers = messages.filter(({ role }: { role: string }) => role === 'assistant')
  const original = await (await server.request(`/api/conversations/${path.split('/').at(-1)}`)).json()
  const models = new Map(
    original.messages.map(({ content, model }: { content: string; model: string }) => [content, model]),
  )
  expect(answers.map(({ model }: { model: string }) => model)).toEqual(
    answers.map(({ content }: { content: string }) => models.get(content)),
  )
})

describe('the tree', () => {
  test('leads to a branch by keyboard alone', async () => {
    const page = await open()
    await page.goto(`${path}/tree`)
    await page.locator('.tree-row[aria-current="true"]').last().waitFor()
    await expect.poll(() => page.locator('.tree-row:focus').count()).toBe(1)

    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')

    await page.getByText('1/2').waitFor()
    expect(page.url()).toBe(path)
  })

  test('stands beside the chat on a wide screen and in the session sheet of a phone, and leads to each branch', async () => {
    const page = await open()
    const branches = page.getByRole('complementary', { name: 'Session' }).getByRole('list', { name: 'Branches' })
    await expect.poll(() => branches.getByRole('button').count()).toBe(2)

    await branches.getByRole('button', { name: 'short answer' }).click()
    await page.getByText('1/2').waitFor()

    await page.setViewportSize(PHONE.viewport)
    await page.getByRole('button', { name: 'Session' }).click()
    const sheet = page.getByRole('dialog', { name: 'Session' })
    await sheet.getByRole('list', { name: 'Branches' }).getByRole('button', { name: 'A long answer' }).click()
    await sheet.waitFor({ state: 'hidden' })
    await page.getByText('2/2').waitFor()
  })
})
