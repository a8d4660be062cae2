import type { Browser, Page } from 'playwright-core'
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
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const ROW_PX = 24

let browser: Browser
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startTestServer({ client: staticFiles('dist') })
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

beforeEach(async () => {
  watched = await openPage(browser)
})

afterEach(async () => {
  await watched.context.close()
  expect(watched.faults).toEqual([])
})

/** What stands at the right of the rule above the box. */
const meter = (page: Page) => page.locator('.composer .rule .num').innerText()

describe('the size and the price of a prompt', () => {
  test('stand there at once, and exactly after a pause, with a vocabulary that is fetched only then', async () => {
    const { page } = watched
    const workers: string[] = []
    page.on('worker', worker => workers.push(worker.url()))
    await page.goto(server.url)
    await page.locator('textarea').focus()
    await page.keyboard.type('/model openai/gpt-5-mini')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('button', { name: /^Model:/ }).innerText()).toContain('gpt-5-mini')
    expect(workers.filter(url => url.includes('token-worker'))).toEqual([])

    await page.keyboard.type('What if the battery saver kills the socket?')
    expect(await meter(page)).toMatch(/^≈ \d+ tok · unpriced$/)

    // Eight words and a question mark, and six for the frame.
    await expect.poll(() => meter(page), { timeout: 20_000 }).toBe('15 tok · unpriced')
    expect(workers.filter(url => url.includes('token-worker'))).toHaveLength(1)
  })
})

describe('the box', () => {
  test('grows with what is written, to eight rows and no further', async () => {
    const { page } = watched
    await page.goto(server.url)
    const height = async () => (await page.locator('textarea').boundingBox())?.height ?? 0
    const empty = await height()
    await page.locator('textarea').fill('one\ntwo\nthree')
    const three = await height()
    await page.locator('textarea').fill(Array.from({ length: 40 }, (_, row) => `row ${row}`).join('\n'))

    expect(empty).toBe(2 * ROW_PX)
    expect(three).toBe(4 * ROW_PX)
    expect(await height()).toBe(8 * ROW_PX)
  })

  test('sends with enter on a desk and makes a new line with shift', async () => {
    const { page } = watched
    await page.goto(server.url)
    await page.locator('textarea').focus()
    await page.keyboard.type('How do I')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('add a key?')
    expect(await page.locator('textarea').inputValue()).toBe('How do I\nadd a key?')

    await page.keyboard.press('Enter')

    await page.locator('.turn[data-state="complete"]').waitFor()
    expect(await page.locator('textarea').inputValue()).toBe('')
  })

  test('brings the last question back with the arrow up, and the draft with escape', async () => {
    const { page } = watched
    await page.goto(server.url)
    await page.locator('textarea').fill('How do I add a key?')
    await page.keyboard.press('Enter')
    await page.locator('.turn[data-state="complete"]').waitFor()

    await page.keyboard.press('ArrowUp')
    await page.getByText('edit: makes a branch').waitFor()
    expect(await page.locator('textarea').inputValue()).toBe('How do I add a key?')
    await page.keyboard.press('Escape')

    await expect.poll(() => page.locator('textarea').inputValue()).toBe('')
    expect(await page.locator('textarea').evaluate(box => box === document.activeElement)).toBe(true)
  })

  test('keeps a changed question over a reload and in its chat, and gives it back when it was left by mistake', async () => {
    const { page } = watched
    const text = () => page.locator('textarea').inputValue()
    await page.goto(server.url)
    await page.locator('textarea').fill('How do I add a key?')
    await page.keyboard.press('Enter')
    await page.locator('.turn[data-state="complete"]').waitFor()
    await page.locator('textarea').fill('a draft')
    await page.locator('textarea').blur()
    await page.keyboard.press('e')
    await page.locator('textarea').fill('How do I add two keys?')

    await page.reload()
    await expect.poll(text).toBe('How do I add two keys?')
    await page.getByText('+ new').first().click()
    await expect.poll(text).toBe('')
    await page.goBack()
    await expect.poll(text).toBe('How do I add two keys?')
    await page.getByRole('button', { name: 'Leave the edit' }).click()
    await expect.poll(text).toBe('a draft')
    await page.getByRole('button', { name: 'undo' }).click()
    await page.locator('textarea').press('Enter')

    await page.getByRole('heading', { name: 'How do I add two keys?' }).waitFor()
    await expect.poll(text).toBe('a draft')
    await page.reload()
    await page.getByText('edit: makes a branch').waitFor({ state: 'hidden' })
    await expect.poll(text).toBe('a draft')
  })

  test('says what the key does: nothing, send, queue without a network', async () => {
    const { page, context } = watched
    await page.goto(server.url)
    const key = page.locator('.composer button[type="submit"]')
    await expect.poll(() => key.isDisabled()).toBe(true)
    await page.locator('textarea').fill('Hello')
    expect(await key.innerText()).toBe('send ↑')

    await waitUntilStarted(page)
    await context.setOffline(true)

    await expect.poll(() => key.innerText()).toBe('queue ↑')
    await page.getByText('offline: will queue').waitFor()
    watched = { ...watched, faults: faultsBesideNetwork(watched.faults) }
  })
})

test('on a phone, enter makes a new line, and the soft keyboard covers neither the box nor its keys', async () => {
  const phone = await openPage(browser, PHONE)
  const { page } = phone
  // No soft keyboard comes up here: the page is told of one as iOS tells it.
  await page.addInitScript(() => {
    const { get } = Object.getOwnPropertyDescriptor(VisualViewport.prototype, 'height') ?? {}
    Object.defineProperty(VisualViewport.prototype, 'height', {
      get() {
        return Number(document.documentElement.dataset['visible'] ?? get?.call(this))
      },
    })
  })
  await page.goto(server.url)
  await page.locator('textarea').tap()
  await page.keyboard.type('one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  expect(await page.locator('textarea').inputValue()).toBe('one\ntwo')

  await page.evaluate(() => {
    document.documentElement.dataset['visible'] = '500'
    window.visualViewport?.dispatchEvent(new Event('resize'))
  })

  const bottomOf = async (selector: string) => {
    const box = await page.locator(selector).first().boundingBox()
    return (box?.y ?? 0) + (box?.height ?? 0)
  }
  await expect.poll(() => bottomOf('.composer .keys')).toBeLessThanOrEqual(500)
  expect(await bottomOf('.composer .keys')).toBeGreaterThan(480)
  expect(phone.faults).toEqual([])
  await phone.context.close()
})
