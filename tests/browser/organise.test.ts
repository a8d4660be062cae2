import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

let browser: Browser
let server: TestServer
let watched: WatchedPage | null

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  watched = null
  server = await startTestServer({ client: staticFiles('dist') })
  for (const title of ['Tides', 'Yeast', 'Solder']) {
    await server.request('/api/conversations', { body: { title } })
  }
})

afterEach(async () => {
  const faults = watched?.faults ?? []
  await watched?.context.close()
  await server.close()
  expect(faults).toEqual([])
})

async function openList(device: typeof PHONE | typeof DESK): Promise<Page> {
  watched = await openPage(browser, device)
  const { page } = watched
  await page.goto(`${server.url}/chats`)
  await row(page, 'Tides').waitFor()
  await page.getByRole('heading', { name: 'put away' }).waitFor()
  return page
}

const row = (page: Page, title: string) => page.locator('.list .row', { hasText: title })

async function titles(page: Page): Promise<readonly string[]> {
  const found = await page.locator('.list .row .row-title').allInnerTexts()
  return found.filter(text => /^[A-Z]/.test(text)).sort()
}

/** Draws a row aside with a finger. */
async function draw(page: Page, title: string, dx: number): Promise<void> {
  const box = await row(page, title).boundingBox()
  if (box === null) throw new Error(`${title} is not on the screen`)
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchX: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: touchX, y }] })
  await touch('touchStart', x)
  for (let step = 1; step <= 8; step++) await touch('touchMove', x + (dx * step) / 8)
  // A finger that rests before it goes starts no fling.
  await page.waitForTimeout(150)
  await touch('touchMove', x + dx)
  await touch('touchEnd', x + dx)
  await session.detach()
  // Chromium takes a touch that comes sooner for the end of a fling, and makes no click of it.
  await page.waitForTimeout(500)
}

describe('a row drawn aside on a phone', () => {
  test('to the left offers archive and delete, and undo puts it back', async () => {
    const page = await openList(PHONE)
    await draw(page, 'Yeast', -160)
    await page.getByRole('button', { name: 'archive', exact: true }).tap()
    await row(page, 'Yeast').waitFor({ state: 'detached' })
    expect(await page.locator('.list').getByRole('link', { name: 'archive 1' }).count()).toBe(1)

    await page.getByRole('link', { name: 'archive 1' }).tap()
    await row(page, 'Yeast').waitFor()
    expect(await titles(page)).toEqual(['Yeast'])

    await draw(page, 'Yeast', 100)
    await page.getByRole('button', { name: 'back', exact: true }).tap()
    await page.getByText('Nothing is in the archive.').waitFor()
    await page.getByRole('link', { name: 'all chats' }).tap()
    await row(page, 'Yeast').waitFor()
  })

  test('to the right pins it, and a short pull does nothing', async () => {
    const page = await openList(PHONE)
    await draw(page, 'Tides', 30)
    expect(await page.locator('.row-acts').count()).toBe(0)

    await draw(page, 'Tides', 100)
    await page.getByRole('button', { name: 'pin', exact: true }).tap()
    await page.getByRole('heading', { name: 'pinned' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/chats')
  })

  test('closes at a touch elsewhere, without going anywhere', async () => {
    const page = await openList(PHONE)
    await draw(page, 'Yeast', -160)
    await row(page, 'Yeast').tap({ position: { x: 20, y: 20 } })
    await expect.poll(() => page.locator('.row-acts').count()).toBe(0)
    expect(new URL(page.url()).pathname).toBe('/chats')
  })
})

describe('several chats', () => {
  test('are chosen with keys alone, deleted at once, and come back at once', async () => {
    const page = await openList(DESK)
    await page.getByRole('button', { name: 'choose' }).first().press('Enter')
    for (const title of ['Tides', 'Solder']) await row(page, title).getByRole('checkbox').press('Enter')
    await page.getByText('2 chosen').waitFor()

    await page.locator('.chosen').getByRole('button', { name: 'delete' }).press('Enter')
    await row(page, 'Tides').waitFor({ state: 'detached' })
    expect(await titles(page)).toEqual(['Yeast'])

    await page.getByRole('button', { name: 'undo' }).press('Enter')
    await row(page, 'Tides').waitFor()
    expect(await titles(page)).toEqual(['Solder', 'Tides', 'Yeast'])
  })

  test('get a tag together, which shows in their rows and reaches the server', async () => {
    const page = await openList(DESK)
    await page.getByRole('button', { name: 'choose' }).first().click()
    await page.locator('.chosen').getByRole('button', { name: 'all' }).click()
    await page.locator('.chosen').getByRole('button', { name: 'tag' }).click()
    await page.getByRole('textbox', { name: /tags/i }).fill('#Kitchen')
    await page.keyboard.press('Enter')

    await row(page, 'Tides').getByText('#kitchen').waitFor()
    await expect
      .poll(async () => {
        const list = await (await server.request('/api/conversations')).json()
        return list.map(({ tags }: { readonly tags: readonly string[] }) => tags)
      })
      .toEqual([['kitchen'], ['kitchen'], ['kitchen']])
  })
})

test('commands given faster than the page shows what the last one did take up where that one left off', async () => {
  const page = await openList(DESK)
  await row(page, 'Tides').locator('a.row-main').click()
  const line = page.locator('.composer textarea')
  await line.fill('/tag kitchen')
  await line.press('Enter')
  await row(page, 'Tides').getByText('#kitchen').waitFor()

  await line.evaluate(input => {
    if (!(input instanceof HTMLTextAreaElement)) return
    // All in one turn of the page: nothing can be shown between them.
    for (const words of ['/tag -kitchen', '/tag sea', '/tag -sea', '/temp 0.5', '/max 100', '/archive', '/archive']) {
      input.value = words
      input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    }
  })

  await expect
    .poll(async () => {
      const list = await (await server.request('/api/conversations')).json()
      return list.find(({ title }: { readonly title: string }) => title === 'Tides')
    })
    .toMatchObject({ tags: [], params: { temperature: 0.5, max_output_tokens: 100 }, archived_at: null })
})

test('the trash says how long it keeps a chat, gives it back, and removes it for good only after the time to undo', async () => {
  const page = await openList(PHONE)
  await draw(page, 'Tides', -160)
  await page.getByRole('button', { name: 'delete', exact: true }).tap()
  await page.getByRole('link', { name: /trash/ }).tap()
  await row(page, 'Tides').getByText('goes in 30 days').waitFor()

  await draw(page, 'Tides', -90)
  await page.getByRole('button', { name: 'for good', exact: true }).tap()
  expect(await titles(page)).toEqual(['Tides'])
  await page.getByText('The trash is empty.').waitFor({ timeout: 15_000 })
})

test('a long list begins with a part of its chats and the pinned ones, and goes on by itself as its end comes near', async () => {
  const page = await openList(PHONE)
  await draw(page, 'Tides', 130)
  await row(page, 'Tides').getByRole('button', { name: 'pin' }).click()
  await page.getByText('pinned', { exact: true }).waitFor()
  await page.getByRole('link', { name: '+ new' }).click()

  // Out of sight the list stays as short as it begins.
  for (let number = 1; number <= 150; number++)
    await server.request('/api/conversations', { body: { title: `Chat ${number}` } })
  await expect.poll(() => row(page, 'Chat').count(), { timeout: 15_000 }).toBe(30)

  expect(await row(page, 'Tides').count()).toBe(1)
  await page.goBack()
  const list = page.locator('.list-scroll:not(.found)')
  await expect.poll(() => row(page, 'Chat').count()).toBe(60)
  await list.evaluate(scroller => scroller.scrollTo(0, scroller.scrollHeight / 2))
  await expect.poll(() => row(page, 'Chat').count()).toBe(120)
  // What follows the list must stay within reach.
  await list.evaluate(scroller => scroller.scrollTo(0, scroller.scrollHeight))
  await page.getByRole('button', { name: 'older chats' }).click()
  await expect.poll(() => row(page, 'Chat').count()).toBe(150)
  expect(await row(page, 'Tides').count()).toBe(1)
})
