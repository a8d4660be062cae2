import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { faultsBesideNetwork, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

let browser: Browser
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
})

beforeEach(async () => {
  server = await startTestServer({ client: staticFiles('dist') })
  watched = await openPage(browser)
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faults).toEqual([])
})

describe('a page', () => {
  test('lies over the chat by its key, and leaves the chat as it was by escape', async () => {
    const { page } = watched
    await page.goto(server.url)
    const box = page.getByRole('textbox', { name: /message/i })
    await box.fill('half a thought')
    await page.keyboard.press('Escape')

    await page.keyboard.press('3')
    await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()

    expect(await page.title()).toBe('setup · llm router')
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
    expect(await box.isVisible()).toBe(false)
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
    await page.keyboard.press('Escape')
    await box.waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await box.inputValue()).toBe('half a thought')
  })

  test('opens from the status bar, gives the focus back to its opener, and goes with the back gesture', async () => {
    const { page } = watched
    await page.goto(server.url)
    await page.getByRole('link', { name: '3 setup' }).focus()

    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()
    await page.goBack()

    await page.getByRole('textbox', { name: /message/i }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('3 setup')
  })

  test('stays when going back closes a sheet over it, and is left at once when the sheet was closed before', async () => {
    const { page } = watched
    const path = () => new URL(page.url()).pathname
    const openKeys = async () => {
      await page.keyboard.press('?')
      await page.locator('dialog[open]').waitFor()
    }
    const closed = () => page.locator('dialog[open]').waitFor({ state: 'detached' })
    const openSetup = async () => {
      await page.getByRole('link', { name: '3 setup' }).click()
      await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()
    }
    await page.goto(server.url)
    await openSetup()

    await openKeys()
    await page.keyboard.press('Escape')
    await closed()
    await openKeys()
    await page.goBack()
    await closed()
    expect(path()).toBe('/setup')
    await openKeys()
    await page.keyboard.press('Escape')
    await closed()
    await page.goBack()
    await expect.poll(path).toBe('/')

    await openSetup()
    await openKeys()
    await page.keyboard.press('Escape')
    await closed()
    await page.getByRole('link', { name: '2 usage' }).click()
    await expect.poll(path).toBe('/usage')
    await page.goBack()
    await expect.poll(path).toBe('/setup')
  })

  test('lets no key act on the chat that lies under it', async () => {
    const { page } = watched
    const asked = await server.request('/api/chat/stream', {
      body: { model: 'manual/manual', message: 'How do I add a key?' },
    })
    await asked.text()
    const [chat] = await (await server.request('/api/conversations')).json()
    await page.goto(`${server.url}/c/${chat.id}`)
    await page.locator('.turn[data-state="complete"]').waitFor()
    await page.getByRole('link', { name: '3 setup' }).click()
    await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()

    await page.keyboard.press('d')
    await page.keyboard.press('1')

    await page.locator('.turn[data-state="complete"]').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/c/${chat.id}`)
    expect(await (await server.request('/api/conversations')).json()).toHaveLength(1)
  })

  test('says so when its code cannot be fetched, and comes when it can', async () => {
    const { page } = watched
    await page.route('**/assets/setup-page*', route => route.abort())
    await page.goto(server.url)
    await page.getByRole('link', { name: '3 setup' }).click()
    await page.getByText('The setup page could not be fetched').filter({ visible: true }).waitFor()
    await page.getByText('The setup page could not be fetched').filter({ visible: true }).first().waitFor()
    expect(await page.getByRole('textbox', { name: /message/i }).isVisible()).toBe(true)
    expect(new URL(page.url()).pathname).toBe('/')
    await page.unroute('**/assets/setup-page*')

    await page.getByRole('button', { name: 'reload' }).first().click()

    await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()
    // The browser itself reports the file it did not get.
    watched = { ...watched, faults: watched.faults.filter(fault => !fault.includes('ERR_FAILED')) }
  })
})

describe('setup', () => {
  test('is reached at one of its sections, whose link moves without a step for the back gesture', async () => {
    const { page } = watched
    await page.goto(`${server.url}/setup/providers`)
    const sections = page.getByRole('navigation', { name: 'Sections' })
    await sections.waitFor()
    expect(await sections.locator('[aria-current]').innerText()).toBe('providers')
    const steps = await page.evaluate(() => history.length)

    await sections.getByRole('link', { name: 'look' }).click()

    expect(new URL(page.url()).pathname).toBe('/setup/look')
    expect(await sections.locator('[aria-current]').innerText()).toBe('look')
    expect(await page.evaluate(() => history.length)).toBe(steps)
  })

  test('changes the look at once and after a reload, by keyboard alone', async () => {
    const { page } = watched
    await page.goto(`${server.url}/setup`)
    await page.getByRole('radio', { name: 'auto', exact: true }).first().focus()

    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.reload()

    expect(await page.locator('html').getAttribute('data-theme')).toBe('amber')
    await page.getByRole('radio', { name: 'amber p3' }).waitFor()
    expect(await page.getByRole('radio', { name: 'amber p3' }).isChecked()).toBe(true)
  })

  test('is one tap away on a phone, and the chats are one tap back', async () => {
    const phone = await openPage(browser, PHONE)
    await phone.page.goto(`${server.url}/chats`)

    await phone.page.getByRole('link', { name: 'setup' }).tap()
    await phone.page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()
    const height = await phone.page.getByRole('link', { name: 'chats', exact: true }).evaluate(key => key.clientHeight)
    await phone.page.getByRole('link', { name: 'chats', exact: true }).tap()

    await phone.page.getByRole('searchbox').waitFor()
    expect(height).toBeGreaterThanOrEqual(44)
    expect(phone.faults).toEqual([])
    await phone.context.close()
  })
})

describe('personas', () => {
  test('are made, made the default, and give a new chat its prompt and parameters', async () => {
    const { page } = watched
    await page.goto(`${server.url}/setup/personas`)
    await page.getByRole('button', { name: 'new persona' }).click()
    await page.getByLabel('name', { exact: true }).fill('terse engineer')
    await page.getByLabel('system prompt').fill('Answer in steps.')
    await page.getByLabel('temperature').fill('0.2')
    await page.getByRole('button', { name: 'save' }).click()
    await page.getByRole('button', { name: /terse engineer/ }).click()
    await page.getByRole('button', { name: 'default for new chats' }).click()
    await page.getByRole('button', { name: /terse engineer.*default/ }).waitFor()

    await page.getByRole('link', { name: '1 chat' }).click()
    await page.getByRole('textbox', { name: /message/i }).fill('How do I add a key?')
    await page.keyboard.press('Enter')
    await page.locator('.turn[data-state="complete"]').waitFor()

    const [chat] = await (await server.request('/api/conversations')).json()
    expect(chat).toMatchObject({ system_prompt: 'Answer in steps.', params: { temperature: 0.2 } })
  })

  test('are chosen in the sheet of a chat, which knows the one it has', async () => {
    const { page } = watched
    await page.goto(`${server.url}/setup/personas`)
    await page.getByRole('button', { name: 'new persona' }).click()
    await page.getByLabel('name', { exact: true }).fill('night owl')
    await page.getByLabel('system prompt').fill('Answer in whispers.')
    await page.getByRole('button', { name: 'save' }).click()
    await page.getByRole('button', { name: /night owl/ }).waitFor()
    await page.goto(server.url)
    const chosen = page.getByRole('dialog', { name: 'Session' }).getByRole('combobox', { name: 'persona' })
    const shown = () =>
      chosen.evaluate(select => select instanceof HTMLSelectElement && select.selectedOptions[0]?.text)

    await page.getByRole('button', { name: /^session of/ }).click()
    await chosen.selectOption('night owl')
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('textbox', { name: /message/i }).fill('Who are you?')
    await page.keyboard.press('Enter')
    await page.locator('.turn[data-state="complete"]').waitFor()
    const stored = async () => (await (await server.request('/api/conversations')).json())[0]
    expect(await stored()).toMatchObject({ system_prompt: 'Answer in whispers.' })
    await page.getByRole('button', { name: /^session of/ }).click()
    await expect.poll(shown).toBe('night owl')
    await chosen.selectOption('none')

    await expect.poll(stored).toMatchObject({ system_prompt: null, params: {} })
  })

  test('are deleted at once, and brought back by undo', async () => {
    const { page } = watched
    await page.goto(`${server.url}/setup/personas`)
    await page.getByRole('button', { name: 'new persona' }).click()
    await page.getByLabel('name', { exact: true }).fill('home cook')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /home cook/ }).click()
    await page.getByRole('button', { name: 'delete' }).click()
    await page.getByRole('button', { name: /home cook/ }).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'undo' }).click()

    await page.getByRole('button', { name: /home cook/ }).waitFor()
  })
})

test('a hidden model is not offered, and a default is what a new chat asks', async () => {
  const { page } = watched
  await page.goto(`${server.url}/setup/models`)
  const standard = page.getByRole('button', { name: 'default: manual/manual' })
  await standard.click()
  await expect.poll(() => standard.getAttribute('aria-pressed')).toBe('true')
  await page.getByRole('button', { name: 'hide: manual/manual' }).click()

  await expect
    .poll(async () => (await server.request('/api/sync/rows/settings')).text())
    .toContain('"hidden":["manual/manual"],"standard":"manual/manual"')
})

test('keys pressed faster than the page shows what the last one did take up where that one left off', async () => {
  const { page } = watched
  await page.goto(`${server.url}/setup/models`)
  await page.getByRole('button', { name: 'default: manual/manual' }).waitFor()

  await page.evaluate(() => {
    for (const word of ['first', 'first', 'first', 'default']) {
      document.querySelector<HTMLElement>(`[aria-label="${word}: manual/manual"]`)?.click()
    }
  })

  await expect
    .poll(async () => (await server.request('/api/sync/rows/settings')).text())
    .toContain('"favourites":["manual/manual"],"hidden":[],"standard":"manual/manual"')
})

test('this device can be named, and the list of devices knows it', async () => {
  const { page } = watched
  await page.goto(`${server.url}/setup/devices`)
  const devices = page.getByRole('region', { name: 'devices', exact: true })
  await devices.getByText('this one', { exact: true }).waitFor()

  await page.getByLabel('name of this one').fill('kitchen phone')
  await page.keyboard.press('Enter')

  await devices.getByText('kitchen phone', { exact: true }).waitFor()
  const seen = await (await server.request('/api/devices')).json()
  expect(seen).toHaveLength(1)
})

test('a provider without a key says which line to write, and asks for no key', async () => {
  const { page } = watched
  await page.goto(`${server.url}/setup/providers`)

  await page.getByRole('button', { name: /openai.*no key/ }).click()

  await page.getByText('OPENAI_API_KEY=sk-…').waitFor()
  expect(await page.locator('dialog input').count()).toBe(0)
})

test('with no network setup opens, says what it does not know, and still changes what is here', async () => {
  const { page, context } = watched
  await page.goto(`${server.url}/setup`)
  await page.getByRole('region', { name: 'devices', exact: true }).getByText('this one', { exact: true }).waitFor()
  await page.keyboard.press('1')
  await context.setOffline(true)
  await page.keyboard.press('3')
  await page.getByText('Only the names this device knows.').waitFor()

  await page.getByLabel('name of this one').fill('train laptop')
  await page.keyboard.press('Enter')

  await page.getByText('train laptop', { exact: true }).waitFor()
  watched = { ...watched, faults: faultsBesideNetwork(watched.faults) }
})
