import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import { formatTotal } from '#shared/money.ts'
import { openDatabase } from '../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { createWriter } from '../../server/database/writer.ts'
import { staticFiles } from '../../server/http/static-files.ts'
import { insertUsageLog } from '../../server/usage/usage-store.ts'
import { DESK, faultsBesideNetwork, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const HOUR_MS = 3_600_000
const now = Date.now()
const monthStart = new Date(new Date(now).getFullYear(), new Date(now).getMonth(), 1).getTime()
const monthBefore = new Date(new Date(now).getFullYear(), new Date(now).getMonth() - 1, 10).getTime()
const monthName = (timeMs: number): string => {
  const date = new Date(timeMs)
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`
}

type Call = { readonly usd: number | null; readonly at: number; readonly model?: string }

const CALLS: readonly Call[] = [
  { usd: 1.234567891, at: monthStart + 1 },
  { usd: 0.5, at: now, model: 'openai/gpt-5-mini' },
  { usd: null, at: now, model: 'openrouter/mystery' },
  { usd: 0, at: now, model: 'ollama/qwen3:4b' },
  { usd: 7.77, at: monthBefore },
]

let browser: Browser
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faultsBesideNetwork(faults)).toEqual([])
})

async function open(calls: readonly Call[], path: string, device: typeof DESK | typeof PHONE = DESK): Promise<Page> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  const sqlite = openDatabase(join(folder, 'llm-router.db'))
  createWriter({ sqlite, clock: { now: () => now }, randomBytes }).write(transaction => {
    for (const { usd, at, model = 'anthropic/claude-sonnet-4-5' } of calls) {
      insertUsageLog(transaction, OWNER_USER_ID, {
        id: makeId(at, randomBytes),
        run_id: makeId(at, randomBytes),
        attempt: 1,
        conversation_id: makeId(monthBefore, randomBytes),
        message_id: makeId(at, randomBytes),
        device_id: null,
        provider: model.split('/')[0] ?? '',
        model,
        served_model: null,
        outcome: 'complete',
        tokens_input: 100,
        tokens_output: 10,
        tokens_cache_read: 0,
        tokens_cache_write: 0,
        tokens_reasoning: 0,
        cost_nanousd: usd === null ? null : Math.round(usd * 1e9),
        price_state: usd === null ? 'unpriced' : 'reported',
        price_version: null,
        price_lines: null,
        raw_usage: null,
        provider_request_id: null,
        timestamp: at,
      })
    }
  })
  sqlite.close()
  server = await startTestServer({ folder, client: staticFiles('dist') })
  watched = await openPage(browser, device)
  await watched.page.goto(`${server.url}${path}`)
  return watched.page
}

/** Until everything that the server has is here. */
const synced = (page: Page) => page.getByText('✓ synced').filter({ visible: true }).first().waitFor()

const figure = (page: Page) => page.locator('#budget .double')

describe('the usage page', () => {
  test('shows the sum of the month that the server has, and names what has no price', async () => {
    const page = await open(CALLS, '/usage')
    const { total } = await (await server.request(`/api/usage/summary?from=${monthStart}`)).json()

    await page.getByText('One call of unknown price is not in this sum.').waitFor()

    expect(await figure(page).innerText()).toBe(formatTotal(total.cost_nanousd))
    const models = page.locator('#by-model')
    expect(await models.getByText('unpriced').count()).toBe(1)
    expect(await models.getByText('free', { exact: true }).count()).toBe(1)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  })

  test('goes through the months, to the tables and to a file by keyboard alone', async () => {
    const page = await open(CALLS, '/')
    await page.getByRole('textbox', { name: /message/i }).waitFor()
    await page.keyboard.press('Escape')

    await page.keyboard.press('2')
    await figure(page).waitFor()
    await synced(page)
    await page.keyboard.press('ArrowLeft')
    await page.getByText('$7.77', { exact: true }).first().waitFor()
    expect(new URL(page.url()).pathname).toBe(`/usage/${monthName(monthBefore)}`)
    await page.keyboard.press('t')
    expect(await page.getByRole('table').count()).toBe(4)
    expect(await page.getByRole('region', { name: 'by model, table' }).getByRole('row').count()).toBe(2)
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')])

    expect(download.suggestedFilename()).toBe(`llm-router-usage-${monthName(monthBefore)}.csv`)
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain(',7.770000000,7770000000,reported,')
    await page.keyboard.press('ArrowRight')
    await page.waitForURL(`${server.url}/usage`)
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: /message/i }).waitFor()
  })

  test('is worked by thumb: reached from the chats, with wide enough targets and nothing that scrolls sideways', async () => {
    const page = await open(CALLS, '/chats', PHONE)
    await page.getByRole('link', { name: 'usage' }).tap()
    await figure(page).waitFor()
    await synced(page)

    await page.getByRole('button', { name: 'by day as a table' }).tap()
    await page.getByRole('region', { name: 'by day, table' }).waitFor()
    await page.getByRole('combobox', { name: 'Month' }).selectOption(monthName(monthBefore))
    await page.getByText('$7.77', { exact: true }).first().waitFor()

    const small = await page
      .locator('.cover :is(button, a, select)')
      .evaluateAll(targets => targets.filter(target => target.checkVisibility() && target.clientHeight < 44).length)
    const sideways = await page.locator('.page-main').evaluate(main => main.scrollWidth - main.clientWidth)
    expect([small, sideways]).toEqual([0, 0])
  })

  test('shows the same figures with no network, and says how old they are', async () => {
    const page = await open(CALLS, '/usage')
    await figure(page).waitFor()
    await synced(page)
    const before = await figure(page).innerText()
    await page.keyboard.press('1')
    await watched.context.setOffline(true)

    await page.keyboard.press('2')

    await page.getByText('As this device knew it').waitFor()
    expect(await figure(page).innerText()).toBe(before)
  })

  test('says that nothing was asked where the ledger is empty', async () => {
    const page = await open([], '/usage')

    await page.getByText(/^Last 30 days: nothing was asked/).waitFor()

    expect(await figure(page).innerText()).toBe('$0.00')
    expect(await page.getByRole('button', { name: /as a table/ }).count()).toBe(0)
  })

  test('follows a call that is paid for on another device', async () => {
    const page = await open([{ usd: 1, at: now - HOUR_MS }], '/usage')
    await figure(page).waitFor()
    const answer = await server.request('/api/chat/stream', {
      body: { model: 'manual/manual', message: 'How do I add a key?' },
    })
    await answer.text()

    await page.locator('#by-model').getByText('manual').first().waitFor()

    expect(await page.locator('#by-model').getByText('free', { exact: true }).count()).toBe(1)
  })
})

describe('limits', () => {
  test('are set by keyboard, kept by the pi, and turn the money field', async () => {
    const page = await open([{ usd: 3, at: now }], '/setup/limits')
    const month = page.getByRole('group', { name: 'a month' })
    await month.getByRole('textbox', { name: /stop/ }).fill('twenty')
    await page.keyboard.press('Enter')
    await month.getByText('A sum in dollars').waitFor()
    await month.getByRole('textbox', { name: /warn/ }).fill('2.50')
    await page.keyboard.press('Tab')

    await month.getByRole('textbox', { name: /stop/ }).fill('20')
    await page.keyboard.press('Enter')

    await page.getByText(/The warning limit of \$2\.50 for this month is passed/).waitFor()
    expect(await page.locator('.bar [data-tone="warn"]').innerText()).toContain('today')
    await expect
      .poll(async () => (await server.request('/api/sync/rows/settings')).text())
      .toContain('"month":{"warn_nanousd":2500000000,"stop_nanousd":20000000000}')

    await page.setViewportSize(PHONE.viewport)
    await page.goto(`${server.url}/chats`)
    await page.getByRole('link', { name: 'This month: $3.00 of $20.00' }).click()
    await page.waitForURL('**/usage')
  })
})
