import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { faultsBesideNetwork, launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { claudeChat, plainChatGpt } from '../transfer/foreign-files.ts'
import { jsonOf } from '../transfer/helpers.ts'
import { randomChats } from '../transfer/random-chats.ts'

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
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faultsBesideNetwork(faults)).toEqual([])
})

const dialog = (page: Page) => page.getByRole('dialog')

async function openSetup(page: Page): Promise<void> {
  await page.goto(`${server.url}/setup/data`)
  await page.getByRole('button', { name: /bring in/ }).waitFor()
}

async function openImport(page: Page): Promise<void> {
  await page.getByRole('button', { name: /bring in/ }).click()
  await dialog(page).getByText('choose a file').waitFor()
}

async function chooseFile(page: Page, content: unknown, name = 'conversations.json'): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const file = { name, mimeType: 'application/json', buffer: Buffer.from(text) }
  await dialog(page).locator('input[type="file"]').setInputFiles(file)
}

async function bringIn(page: Page): Promise<void> {
  await dialog(page).getByRole('button', { name: 'bring in', exact: true }).click()
  await dialog(page).getByText('Brought in.').waitFor()
}

/** What the server has, once nothing waits on the device any more. */
async function exportedByServer(page: Page, count: number): Promise<string> {
  await expect
    .poll(async () => JSON.parse(await (await server.request('/api/export')).text()).conversations.length, {
      timeout: 20_000,
    })
    .toBe(count)
  await page.waitForTimeout(500)
  return (await server.request('/api/export')).text()
}

async function takeOut(page: Page, format: string): Promise<Buffer> {
  await page.getByRole('button', { name: /take out/ }).click()
  await dialog(page).getByText(format, { exact: true }).click()
  const download = page.waitForEvent('download')
  await dialog(page).getByRole('button', { name: 'take out', exact: true }).click()
  const path = await (await download).path()
  return readFile(path)
}

describe('bringing chats in', () => {
  test('works with no network, shows what is in the file first, and syncs later', async () => {
    const { page, context } = watched
    await openSetup(page)
    await openImport(page)
    await context.setOffline(true)

    await chooseFile(page, [plainChatGpt(), claudeChat()])
    await dialog(page).getByText('ChatGPT, Claude').waitFor()
    expect(await dialog(page).innerText()).toMatch(/new chats\s*2/)
    await bringIn(page)
    await dialog(page).getByRole('button', { name: 'close', exact: true }).click()
    await context.setOffline(false)

    const { conversations } = JSON.parse(await exportedByServer(page, 2))
    expect(conversations.map(({ title }: { title: string }) => title).sort()).toEqual(['A letter', 'About stones'])
    expect(conversations.flatMap(({ messages }: { messages: object[] }) => messages)).toHaveLength(5)
  })

  test('shows the branch that was active, with its model', async () => {
    const { page } = watched
    await openSetup(page)
    await openImport(page)
    await chooseFile(page, [plainChatGpt()])
    await bringIn(page)
    await exportedByServer(page, 1)
    const { conversations } = JSON.parse(await (await server.request('/api/export')).text())

    await page.goto(`${server.url}/c/${conversations[0].id}`)

    await page.locator('.turn').getByText('An igneous rock.').waitFor()
    await page.getByText('2/2').waitFor()
    expect(await page.locator('.turn').innerText()).toContain('gpt-4o')
  })

  test('a second time has nothing to do', async () => {
    const { page } = watched
    await openSetup(page)
    await openImport(page)
    await chooseFile(page, [plainChatGpt()])
    await bringIn(page)
    await dialog(page).getByRole('button', { name: 'another file' }).click()

    await chooseFile(page, [plainChatGpt()])

    await dialog(page).getByRole('button', { name: 'nothing new to bring in' }).waitFor()
  })

  test('is undone as one, after a reload too, and can be brought in again', async () => {
    const { page } = watched
    await openSetup(page)
    await openImport(page)
    await chooseFile(page, [plainChatGpt(), claudeChat()])
    await bringIn(page)
    await exportedByServer(page, 2)
    await page.reload()
    await openImport(page)

    await dialog(page).getByRole('button', { name: /undo/i }).click()
    await dialog(page).getByText('Taken back: 2 chats').waitFor()
    await expect.poll(async () => (await (await server.request('/api/conversations')).json()).length).toBe(0)
    await dialog(page).getByRole('button', { name: 'another file' }).click()
    await chooseFile(page, [plainChatGpt(), claudeChat()])
    await bringIn(page)

    await expect.poll(async () => (await (await server.request('/api/conversations')).json()).length).toBe(2)
  })

  test('says in words what is wrong with a file', async () => {
    const { page } = watched
    await openSetup(page)
    await openImport(page)

    await chooseFile(page, '{"format":"llm-router","version":1,"conversations":[{"id":5}]}')

    await dialog(page).getByText('conversations.0.id should be a UUID.').waitFor()
  })

  test('takes a pasted text', async () => {
    const { page } = watched
    await openSetup(page)
    await openImport(page)

    await dialog(page)
      .getByRole('textbox')
      .evaluate(
        (box, text) => {
          const data = new DataTransfer()
          data.setData('text/plain', text)
          box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
        },
        JSON.stringify([plainChatGpt()]),
      )

    await dialog(page).getByText('ChatGPT').first().waitFor()
  })
})

describe('taking chats out', () => {
  test('gives the same bytes as the server, and as the file they came from', async () => {
    const { page } = watched
    const file = await jsonOf(randomChats(21, 40))
    await openSetup(page)
    await openImport(page)
    await chooseFile(page, file, 'chats.json')
    await bringIn(page)
    await dialog(page).getByRole('button', { name: 'close', exact: true }).click()
    const onServer = await exportedByServer(page, 40)

    const taken = await takeOut(page, 'json')

    expect(taken.toString() === file).toBe(true)
    expect(onServer === file).toBe(true)
  })

  test('as a page that searches without any network and executes nothing of theirs', async () => {
    const { page, context } = watched
    await openSetup(page)
    await openImport(page)
    await chooseFile(page, [plainChatGpt({ title: '<img src=x onerror=alert(1)>' }), claudeChat()])
    await bringIn(page)
    await dialog(page).getByRole('button', { name: 'close', exact: true }).click()
    const html = (await takeOut(page, 'html')).toString()
    const reader = await context.newPage()
    const requests: string[] = []
    reader.on('request', request => requests.push(request.url()))
    reader.on('dialog', () => requests.push('alert'))

    await reader.setContent(html)
    await reader.getByRole('searchbox').fill('igneous')

    await reader.getByText('1 chat', { exact: true }).waitFor()
    expect(await reader.getByText('An igneous rock.').isVisible()).toBe(true)
    expect(await reader.getByText('Here it is').first().isVisible()).toBe(false)
    expect(requests).toEqual([])
  })
})
