import type { Page } from 'playwright-core'

/** One thing that can be on the screen, and how to get there from anywhere. */
export type View = { readonly name: string; open(page: Page, url: string): Promise<void> }

const SHEET = 'dialog[open]'

const chat = (name: string, title: string): View => ({ name, open: (page, url) => openChat(page, url, title) })

const path = (name: string, address: string, ready: string): View => ({
  name,
  async open(page, url) {
    await page.goto(url + address)
    await page.locator(ready).first().waitFor()
  },
})

/** A view on top of a chat, opened by a key. */
const byKey = (name: string, key: string): View => ({
  name,
  async open(page, url) {
    await openChat(page, url, 'phone drops the stream')
    await page.locator('.head').click()
    await page.locator(SHEET).waitFor()
    await page.keyboard.press('Escape')
    await page.locator(SHEET).waitFor({ state: 'detached' })
    await page.keyboard.press(key)
    await page.locator(SHEET).waitFor()
  },
})

/** Every screen of the product, over the chats of the showcase. */
export const TOUR: readonly View[] = [
  path('new-chat', '/', 'textarea'),
  chat('chat', 'phone drops the stream'),
  chat('chat-rich', 'sqlite wal'),
  chat('chat-failed', 'explain a mortgage'),
  chat('chat-scripts', '潮汐'),
  chat('chat-long-words', 'a title that is much longer'),
  path('list', '/chats', '.list .row'),
  path('archive', '/archive', '.list .row'),
  path('trash', '/trash', '.list .row'),
  path('usage', '/usage', '.rank .meter'),
  path('setup', '/setup', '.page h1'),
  path('setup-personas', '/setup/personas', '.page h1'),
  path('setup-devices', '/setup/devices', '.page h1'),
  byKey('palette', 'Control+k'),
  path('find', '/find?q=heartbeat', '.list mark'),
  {
    name: 'tree',
    async open(page, url) {
      await openChat(page, url, 'phone drops the stream')
      await page.goto(`${page.url()}/tree`)
      await page.locator('.page-main a, .page-main button').first().waitFor()
    },
  },
  byKey('keys', '?'),
  {
    name: 'session',
    async open(page, url) {
      await openChat(page, url, 'phone drops the stream')
      await page.locator('.head-mid').click()
      await page.locator(SHEET).waitFor()
    },
  },
]

async function openChat(page: Page, url: string, title: string): Promise<void> {
  await page.goto(`${url}/chats`)
  await page.locator('.list .row-main', { hasText: title }).first().click()
  await page.locator('.turn .ask').first().waitFor()
  await page.locator('.meta:visible').first().waitFor()
}
