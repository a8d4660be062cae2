import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const PLAIN = 'replay/fixture:openai-samples/chat-plain'

let browser: Browser
let replay: Replay
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
  replay = await startReplay(findRecordings('openai-samples'))
})

afterAll(async () => {
  await browser.close()
  await replay.close()
})

beforeEach(async () => {
  server = await startTestServer({
    client: staticFiles('dist'),
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
  watched = await openPage(browser)
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faults).toEqual([])
})

/** A finished chat on the screen, with the keyboard in the message box. */
async function chat(page: Page, question = 'How do I add a key?'): Promise<void> {
  await page.goto(server.url)
  await page.locator('textarea').fill(question)
  await page.keyboard.press('Enter')
  await page.locator('.turn[data-state="complete"]').last().waitFor()
}

async function line(page: Page, text: string): Promise<void> {
  await page.locator('textarea').focus()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

/** What the server knows of the only chat, as soon as it is so. */
async function serverHas(expected: object): Promise<void> {
  await expect
    .poll(async () => (await (await server.request('/api/conversations')).json())[0], { timeout: 10_000 })
    .toMatchObject(expected)
}

/** A row above the message box. */
async function note(page: Page, words: string): Promise<void> {
  await page.locator('.foot .note', { hasText: words }).waitFor()
}

const options = (page: Page) => page.locator('[role="option"]').allInnerTexts()
const selected = (page: Page) => page.locator('[role="option"][aria-selected="true"]')

describe('the slash menu', () => {
  test('offers what fits, is moved through by arrows and completes with tab, with the rest written faintly', async () => {
    const { page } = watched
    await page.goto(server.url)
    await page.locator('textarea').focus()
    await page.keyboard.type('/m')
    await selected(page).waitFor()

    expect(await selected(page).innerText()).toContain('/model')
    expect(await page.locator('.comp-in .ghost').textContent()).toBe('/model name')
    await page.keyboard.press('ArrowUp')
    expect(await selected(page).innerText()).toContain('/max')
    await page.keyboard.press('Control+n')
    expect(await selected(page).innerText()).toContain('/model')
    await page.keyboard.press('Tab')

    expect(await page.locator('textarea').inputValue()).toBe('/model ')
    expect((await options(page)).join()).toContain('manual/manual')
    const box = page.locator('textarea')
    expect(await box.getAttribute('aria-activedescendant')).toBe(await selected(page).getAttribute('id'))
  })

  test('goes with escape, which leaves the text and the box alone', async () => {
    const { page } = watched
    await page.goto(server.url)
    await page.locator('textarea').focus()
    await page.keyboard.type('/th')
    await selected(page).waitFor()

    await page.keyboard.press('Escape')

    await selected(page).waitFor({ state: 'hidden' })
    expect(await page.locator('textarea').inputValue()).toBe('/th')
    expect(await page.locator('textarea').evaluate(box => box === document.activeElement)).toBe(true)
  })

  test('says what is wrong with an argument and keeps the line', async () => {
    const { page } = watched
    await page.goto(server.url)

    await line(page, '/temp 5')

    await note(page, 'It is a number from 0 to 2, or default.')
    expect(await page.locator('textarea').inputValue()).toBe('/temp 5')
  })

  test('is taken by a thumb, from the key with the slash', async () => {
    const phone = await openPage(browser, PHONE)
    const { page } = phone
    await page.goto(server.url)
    await page.getByRole('button', { name: 'Commands' }).tap()
    await page.keyboard.type('th')

    await selected(page).tap()
    await page.keyboard.type('am')
    await page.getByRole('option', { name: /amber/ }).tap()

    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('amber')
    expect(await page.locator('textarea').inputValue()).toBe('')
    expect(phone.faults).toEqual([])
    await phone.context.close()
  })
})

describe('a prompt that begins with a slash', () => {
  test('goes out with two, and comes back with two when it is changed', async () => {
    const { page } = watched
    await chat(page, '//help is what I type in other programs')

    expect(await page.locator('.ask-text').first().innerText()).toBe('/help is what I type in other programs')
    await page.locator('textarea').focus()
    await page.keyboard.press('ArrowUp')

    expect(await page.locator('textarea').inputValue()).toBe('//help is what I type in other programs')
  })

  test('goes out as it is where it cannot be a command', async () => {
    const { page } = watched
    await chat(page, '/usr/bin/env: no such file')

    expect(await page.locator('.ask-text').first().innerText()).toBe('/usr/bin/env: no such file')
  })

  test('is asked about where it could be one, and sent as text if that was meant', async () => {
    const { page } = watched
    await page.goto(server.url)
    await line(page, '/home is where the key is')
    await note(page, 'No command has this name.')
    expect(await page.locator('textarea').inputValue()).toBe('/home is where the key is')

    await page.keyboard.type(', under the mat')
    await page.locator('.foot').getByRole('button', { name: 'send as text' }).click()

    await page.locator('.ask-text', { hasText: '/home is where the key is, under the mat' }).waitFor()
    expect(await page.locator('textarea').inputValue()).toBe('')
  })
})

describe('a command', () => {
  test('sets what is sent with the chat: temperature, reasoning, most tokens, instructions', async () => {
    const { page } = watched
    await chat(page)

    await line(page, '/temp 0,4')
    await line(page, '/reasoning low')
    await line(page, '/max 512')
    await line(page, '/system Answer in one word.')
    await serverHas({
      params: { temperature: 0.4, reasoning: 'low', max_output_tokens: 512 },
      system_prompt: 'Answer in one word.',
    })
    await line(page, '/temp default')
    await line(page, '/system none')

    await serverHas({ params: { reasoning: 'low', max_output_tokens: 512 }, system_prompt: null })
  })

  test('sets it for a chat that has not been started, which begins with it', async () => {
    const { page } = watched
    await page.goto(server.url)
    await line(page, '/temp 1.5')
    await line(page, '/system Be brief.')

    await page.keyboard.type('How do I add a key?')
    await page.keyboard.press('Enter')

    await page.locator('.turn[data-state="complete"]').waitFor()
    await serverHas({ params: { temperature: 1.5 }, system_prompt: 'Be brief.' })
  })

  test('brings the instructions into the box to be changed', async () => {
    const { page } = watched
    await chat(page)
    await line(page, '/system Be brief.')
    await serverHas({ system_prompt: 'Be brief.' })

    await line(page, '/system')

    expect(await page.locator('textarea').inputValue()).toBe('/system Be brief.')
  })

  test('gives a chat the instructions and parameters of a persona, completed by its name', async () => {
    const { page } = watched
    await page.goto(`${server.url}/setup/personas`)
    await page.getByRole('button', { name: 'new persona' }).click()
    await page.getByLabel('name', { exact: true }).fill('terse engineer')
    await page.getByLabel('system prompt').fill('Answer in steps.')
    await page.getByLabel('temperature').fill('0.2')
    await page.getByRole('button', { name: 'save' }).click()
    await page.getByRole('button', { name: /terse engineer/ }).waitFor()
    await chat(page)
    await page.locator('textarea').focus()
    await page.keyboard.type('/persona ters')
    await expect.poll(() => selected(page).innerText()).toContain('terse engineer')

    await page.keyboard.press('Enter')

    await serverHas({ system_prompt: 'Answer in steps.', params: { temperature: 0.2 } })
  })

  test('changes the model of this chat, and only /default that of new ones', async () => {
    const { page } = watched
    await chat(page)

    await line(page, '/model nobody/knows')
    await note(page, 'No model is called that.')
    await page.locator('textarea').fill('')
    await line(page, `/model ${PLAIN}`)
    await serverHas({ model: PLAIN })
    await line(page, '/new')
    expect(await page.getByRole('button', { name: /^Model:/ }).innerText()).not.toContain('chat-plain')
    await line(page, `/default ${PLAIN}`)

    await expect.poll(() => page.getByRole('button', { name: /^Model:/ }).innerText()).toContain('chat-plain')
  })

  test('names, pins, tags, archives and deletes the chat, and takes the last back', async () => {
    const { page } = watched
    await chat(page)

    await line(page, '/rename Keys and where they live')
    await line(page, '/pin')
    await line(page, '/tag work home')
    await page.locator('.list .row', { hasText: '#work' }).waitFor()
    await line(page, '/tag -home')
    await serverHas({ title: 'Keys and where they live', tags: ['work'], pinned_at: expect.any(Number) })
    await line(page, '/delete')
    await page.getByText('No chats yet.').waitFor()
    await line(page, '/undo')

    await page.locator('.list .row', { hasText: 'Keys and where they live' }).waitFor()
  })

  test('asks again, stops, copies a chat and opens another by its name', async () => {
    const { page } = watched
    await chat(page)
    await line(page, `/retry-with ${PLAIN};delay=300`)
    await page.locator('.turn[data-state="streaming"]').waitFor()
    await line(page, '/stop')
    await page.locator('.turn[data-state="cancelled"]').waitFor()

    await line(page, '/clone')
    await page.getByRole('heading', { level: 1, name: 'How do I add a key? (copy)' }).waitFor({ state: 'attached' })
    await page.locator('.list .row-main[href^="/c/"]').nth(1).waitFor()
    await line(page, '/open How do I add a key?')

    await page
      .getByRole('heading', { level: 1, name: 'How do I add a key?', exact: true })
      .waitFor({ state: 'attached' })
  })

  test('that has nothing to act on says so', async () => {
    const { page } = watched
    await page.goto(server.url)

    await line(page, '/rename Something')

    await note(page, 'There is no chat yet')
    expect(await page.locator('textarea').inputValue()).toBe('/rename Something')
  })

  test('opens what shows: keys, cost, setup, all commands', async () => {
    const { page } = watched
    await page.goto(server.url)
    await line(page, '/keys')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await line(page, '/cost')
    await page.getByRole('dialog', { name: 'Session' }).waitFor()
    await page.keyboard.press('Escape')
    await line(page, '/help')
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
    await page.keyboard.press('Escape')

    await line(page, '/setup')

    await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()
  })
})

describe('the palette', () => {
  test('finds commands and chats under one prompt, and runs by keyboard alone', async () => {
    const { page } = watched
    await chat(page, 'What does the model list show?')
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await palette.waitFor()
    await page.keyboard.type('mod')

    const found = await options(page)
    expect(found[0]).toContain('model: switch for this chat')
    expect(found.some(row => row.includes('What does the model list show?'))).toBe(true)
    const marked = await selected(page).locator('b').allInnerTexts()
    expect(marked[0]).toBe('mod')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('theme nig')
    await page.keyboard.press('Enter')

    await palette.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('night')
    expect(await page.locator('textarea').evaluate(box => box === document.activeElement)).toBe(true)
  })

  test('shows commands only behind a >', async () => {
    const { page } = watched
    await chat(page, 'What does the model list show?')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('>mod')

    await expect.poll(async () => (await options(page)).join()).toContain('model: switch')
    expect((await options(page)).some(row => row.includes('What does'))).toBe(false)
  })

  test('has a second meaning for a model: all new chats', async () => {
    const { page } = watched
    await chat(page)
    await page.keyboard.press('Control+k')
    await page.keyboard.type(`model ${PLAIN}`)
    await expect.poll(() => selected(page).innerText()).toContain('chat-plain')
    await page.keyboard.press('Alt+Enter')
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor({ state: 'hidden' })

    await line(page, '/new')

    await expect.poll(() => page.getByRole('button', { name: /^Model:/ }).innerText()).toContain('chat-plain')
  })
})

describe('keys', () => {
  test('move through the turns, open details, find, and lead to the places', async () => {
    const { page } = watched
    await chat(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    expect(
      await page
        .locator('.turn')
        .first()
        .evaluate(turn => turn === document.activeElement),
    ).toBe(true)
    await page.keyboard.press('o')
    await page.locator('.meta-open').first().waitFor()
    await page.keyboard.press('3')
    await page.getByRole('heading', { level: 1, name: 'setup' }).waitFor()
    await page.keyboard.press('2')
    await page.getByRole('heading', { level: 1, name: 'usage' }).waitFor()
    await page.keyboard.press('1')
    await page.locator('.turn').first().waitFor()

    await page.keyboard.press('/')

    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
  })

  test('pin, archive and delete the chat whose row has the focus', async () => {
    const { page } = watched
    await chat(page, 'First chat of the two')
    await line(page, '/new')
    await page.keyboard.type('Second chat of the two')
    await page.keyboard.press('Enter')
    await page.locator('.list .row-main[href^="/c/"]').nth(1).waitFor()
    const first = page.locator('.list .row-main', { hasText: 'First chat' }).first()
    await first.focus()

    await page.keyboard.press('p')
    await page.locator('.list .row-main', { hasText: '◆' }).waitFor()
    await page.keyboard.press('k')
    await page.keyboard.press('j')
    await page.locator('.list .row-main', { hasText: 'First chat' }).first().focus()
    await page.keyboard.press('x')

    await note(page, 'First chat of the two')
    await expect.poll(() => page.locator('.list .row-main', { hasText: 'First chat' }).count()).toBe(0)
  })

  test('that are letters do nothing when they are switched off; escape and ctrl K still do', async () => {
    const { page } = watched
    await chat(page)
    await line(page, '/letters off')
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await page.keyboard.press('3')
    expect(new URL(page.url()).pathname).toMatch(/^\/c\//)
    await page.getByRole('link', { name: '2 usage' }).click()
    await page.getByRole('heading', { level: 1, name: 'usage' }).waitFor()
    await page.keyboard.press('t')
    expect(await page.getByRole('table').count()).toBe(0)

    await page.keyboard.press('Control+k')

    await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
  })

  test('are shown as the keyboard has them', async () => {
    const { page } = watched
    await chat(page)
    await page.keyboard.press('Escape')

    await page.keyboard.press('?')

    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await sheet.waitFor()
    expect(await sheet.innerText()).toMatch(/copy answer, code\s+c C/)
  })
})
