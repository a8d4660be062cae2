import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import {
  faultsBesideNetwork,
  launchBrowser,
  openPage,
  PHONE,
  type WatchedPage,
  waitUntilStarted,
} from '../helpers/browser.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const PLAIN = 'replay/fixture:openai-samples/chat-plain'

let browser: Browser
let replay: Replay
let server: TestServer
let watched: WatchedPage[]

beforeAll(async () => {
  browser = await launchBrowser()
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(async () => {
  await browser.close()
  await replay.close()
})

beforeEach(async () => {
  watched = []
  server = await startTestServer({
    client: staticFiles('dist'),
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
})

afterEach(async () => {
  for (const { context } of watched) await context.close()
  await server.close()
  const faults = watched.flatMap(page => page.faults)
  expect(faultsBesideNetwork(faults)).toEqual([])
})

type Asked = { readonly conversationId: string; readonly questionId: string; readonly answerId: string }

/** Asks as a script would and waits for the answer. */
async function ask(
  message: string,
  below: { conversation_id?: string; parent_id?: string | null } = {},
): Promise<Asked> {
  const response = await server.request('/api/chat/stream', { body: { model: PLAIN, message, ...below } })
  await response.text()
  const [newest] = await (await server.request('/api/conversations')).json()
  const conversationId = below.conversation_id ?? newest.id
  const { messages } = await (await server.request(`/api/conversations/${conversationId}`)).json()
  const question = messages.findLast((row: { role: string; content: string }) => row.content === message)
  const answer = messages.find((row: { parent_id: string }) => row.parent_id === question.id)
  return { conversationId, questionId: question.id, answerId: answer.id }
}

async function open(path: string, options?: Parameters<typeof openPage>[1]): Promise<Page> {
  const device = await openPage(browser, options)
  watched.push(device)
  await device.page.goto(`${server.url}${path}`)
  return device.page
}

const line = (page: Page) => page.getByRole('searchbox', { name: 'Find in chats' })
const results = (page: Page) => page.locator('.found .row')
const count = (page: Page) => page.locator('.found [role="status"]')

/** What is highlighted in the chat, in the order of the page. */
const highlighted = (page: Page) =>
  page.evaluate(() => [...(CSS.highlights.get('hit') ?? [])].map(range => String(range)))

/** How often this profile's index was saved; a rebuild writes at least one more. */
const savedSegments = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('search')
    const names: string[] = []
    for await (const name of folder.keys()) names.push(name)
    return names.filter(name => name.startsWith('segment')).sort()
  })

async function cutOff(context: BrowserContext): Promise<void> {
  await context.route('**/api/**', route => route.abort())
}

describe('the index of this device', () => {
  test('has what came by the sync before the search began, and what comes later', async () => {
    await ask('An apple a day')
    const page = await open('/find?q=apple')
    await count(page).getByText('1 hit in 1 chat').waitFor()

    await ask('Another apple')

    await count(page).getByText('2 hits in 2 chats').waitFor()
    expect(await results(page).first().locator('mark').allInnerTexts()).toContain('apple')
  })

  test('has what is written here, and forgets what is put in the trash, without a server', async () => {
    const { conversationId } = await ask('An apple a day')
    const page = await open(`/c/${conversationId}`)
    await page.locator('.turn[data-state="complete"]').waitFor()
    await waitUntilStarted(page)
    await cutOff(page.context())
    await page.getByRole('textbox', { name: 'Message' }).fill('A pear at night')
    await page.getByRole('textbox', { name: 'Message' }).press('Enter')
    await page.locator('.turn[data-state="queued"]').waitFor()

    await line(page).fill('pear')
    await count(page).getByText('1 hit in 1 chat').waitFor()
    await line(page).press('Escape')
    await page.getByRole('button', { name: /^session of/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'delete' }).click()
    // A new chat takes its place, and the focus.
    await page.getByRole('textbox', { name: 'Message' }).and(page.locator(':focus')).waitFor()
    await line(page).fill('pear ')

    await page.getByText('No message on this device has all of this.').waitFor()
  })

  test('is there after a reload without being made anew, and answers offline', async () => {
    await ask('An apple a day')
    const page = await open('/find?q=apple')
    await count(page).getByText('1 hit in 1 chat').waitFor()
    await expect.poll(() => savedSegments(page)).not.toEqual([])
    const before = await savedSegments(page)
    await cutOff(page.context())

    await page.reload()
    await count(page).getByText('1 hit in 1 chat').waitFor()

    expect(await savedSegments(page)).toEqual(before)
  })

  test('is made anew when its files are damaged', async () => {
    await ask('An apple a day')
    const page = await open('/find?q=apple')
    await count(page).getByText('1 hit in 1 chat').waitFor()
    await expect.poll(() => savedSegments(page)).not.toEqual([])
    // Only without a page is nothing open.
    await page.goto('about:blank')
    await page.goto(`${server.url}/manual.md`)
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const folder = await root.getDirectoryHandle('search')
      for await (const handle of folder.values()) {
        if (!(handle instanceof FileSystemFileHandle)) continue
        const writable = await handle.createWritable()
        await writable.write('not an index')
        await writable.close()
      }
    })

    await page.goto(`${server.url}/find?q=apple`)

    await count(page).getByText('1 hit in 1 chat').waitFor()
  })

  test('is one for all tabs; when the tab that holds it goes, another takes it', async () => {
    await ask('An apple a day')
    const first = await open('/find?q=apple')
    await count(first).getByText('1 hit in 1 chat').waitFor()
    const second = await first.context().newPage()

    await second.goto(`${server.url}/find?q=appl`)
    await count(second).getByText('1 hit in 1 chat').waitFor()
    await first.close()
    await line(second).fill('day')

    await count(second).getByText('1 hit in 1 chat').waitFor()
  })
})

describe('what was found', () => {
  test('is opened on the branch it stands on, in view and marked, and the next hit too', async () => {
    const { conversationId, answerId } = await ask('Where do apples grow?')
    for (let turn = 0; turn < 6; turn++)
      await ask(`filling ${turn} ${'and more of it\n'.repeat(30)}`, { conversation_id: conversationId })
    const hidden = await ask('A pear on another branch', { conversation_id: conversationId, parent_id: answerId })
    await ask('A branch that hides it', { conversation_id: conversationId, parent_id: answerId })
    const page = await open('/find?q=pear', PHONE)

    await results(page).getByRole('link').click()

    await page.locator('.ask-text', { hasText: 'A pear on another branch' }).waitFor()
    expect(page.url()).toBe(`${server.url}/c/${conversationId}?m=${hidden.questionId}`)
    await expect.poll(() => highlighted(page)).toEqual(['pear'])
    expect(await page.locator('.ask-text', { hasText: 'A pear' }).evaluate(isInView)).toBe(true)
    await page.goBack()
    await results(page).first().waitFor()
    expect(await line(page).inputValue()).toBe('pear')
  })

  test('is gone through by keyboard alone: find, move, open, next hit, back, leave', async () => {
    const older = await ask('apple one')
    await ask('apple two', { conversation_id: older.conversationId })
    await ask('apple three')
    const page = await open('/')
    await page.getByText('✓ synced').filter({ visible: true }).first().waitFor()
    await page.locator('.bar .mode').waitFor()
    await page.keyboard.press('Escape')

    await page.keyboard.press('/')
    await page.keyboard.type('apple')
    await count(page).getByText('3 hits in 2 chats').waitFor()
    expect(await page.locator('.bar .mode').innerText()).toBe('FIND')
    await page.keyboard.press('ArrowDown')
    await page.getByText('hit 1 of 2').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/c/**')
    await page.keyboard.press('n')
    await page.getByText('hit 2 of 2').waitFor()

    expect(page.url()).toBe(`${server.url}/c/${older.conversationId}?m=${older.questionId}`)
    await page.keyboard.press('Escape')
    await page.waitForURL('**/find?q=apple')
    await line(page).press('Escape')
    await page.waitForURL(`${server.url}/`)
  })

  test('is narrowed by filters that the line offers, and gone through, with the thumb alone', async () => {
    const older = await ask('apple one')
    await ask('apple two', { conversation_id: older.conversationId })
    await server.request(`/api/conversations/${older.conversationId}`, { method: 'PATCH', body: { tags: ['fruit'] } })
    await ask('apple three')
    const page = await open('/find?q=', PHONE)
    await page.getByText('has:code').waitFor()
    const option = (name: string) => page.locator('.find-menu').getByRole('option', { name })

    await line(page).fill('apple ta')
    await option('tag:').tap()
    expect(await line(page).inputValue()).toBe('apple tag:')
    await option('tag:fruit').tap()
    await count(page).getByText('2 hits in 1 chat').waitFor()
    expect(await page.locator('.find-menu').isVisible()).toBe(false)

    await results(page).getByRole('link').tap()
    await page.getByText('hit 1 of 2').waitFor()
    const next = page.getByRole('button', { name: 'Next hit' })
    const { width, height } = (await next.boundingBox()) ?? { width: 0, height: 0 }
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
    await next.tap()
    await page.getByText('hit 2 of 2').waitFor()
    expect(page.url()).toBe(`${server.url}/c/${older.conversationId}?m=${older.questionId}`)
  })

  test('is narrowed by filters with keys alone: tab takes the best, arrows choose another, enter takes it', async () => {
    await ask('apple one')
    const page = await open('/find?q=')
    await page.getByText('has:code').waitFor()
    await line(page).focus()

    await page.keyboard.type('apple ha')
    await page.locator('.find-menu').waitFor()
    await page.keyboard.press('Tab')
    expect(await line(page).inputValue()).toBe('apple has:')
    await page.locator('.find-menu').getByText('has:image').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')

    await expect.poll(() => line(page).inputValue()).toBe('apple has:image ')
    await count(page).getByText('no hit').waitFor()
  })

  test('is named in words when it is nothing, nearly something, or a filter cannot be read', async () => {
    await ask('The category of things')
    const page = await open('/find?q=')
    await page.getByText('has:code').waitFor()

    await line(page).fill('tegor')
    await page.getByText('near misses').waitFor()
    await expect.poll(() => results(page).locator('mark').count()).toBeGreaterThanOrEqual(0)
    await line(page).fill('category before:then ')

    await page.getByText('not by “then”').waitFor()
    await count(page).getByText('1 hit in 1 chat').waitFor()
  })

  test('says that the pi may have more while not everything is here, and asks it', async () => {
    await ask('An apple a day')
    const page = await open('/')
    await page.getByText('✓ synced').filter({ visible: true }).first().waitFor()
    await page.context().route('**/api/sync**', route => route.abort())
    const fresh = await openPage(browser)
    watched.push(fresh)
    await fresh.context.route('**/api/sync/rows/**', route => route.abort())

    await fresh.page.goto(`${server.url}/find?q=apple`)
    await fresh.page.getByText('Not all chats are on this device yet.').waitFor()
    await fresh.page.getByRole('button', { name: 'search the pi too' }).click()

    await results(fresh.page).getByText('An apple a day').first().waitFor()
  })
})

function isInView(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top >= 0 && bottom <= window.innerHeight
}
