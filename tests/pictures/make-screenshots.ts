/** Photographs the built app for its manifest, with the Chromium of the tests and recorded answers: `npm run screenshots`. */
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, launchBrowser, openPage, PHONE } from '../helpers/browser.ts'
import { startTestServer } from '../helpers/test-server.ts'

const FOLDER = fileURLToPath(new URL('../../client/public/screenshots/', import.meta.url))
const QUESTIONS = [
  'Where is my data kept?',
  'What does an answer cost?',
  'Does it work without the network?',
  'How do I add an OpenAI key?',
]

type Picture = { readonly name: string; readonly device: typeof DESK | typeof PHONE; readonly path: string }

const server = await startTestServer({ client: staticFiles('dist') })
for (const message of QUESTIONS) {
  await (await server.request('/api/chat/stream', { body: { model: 'manual/manual', message } })).text()
}
const [{ id }] = await (await server.request('/api/conversations')).json()
const pictures: readonly Picture[] = [
  { name: 'chat-wide', device: DESK, path: `/c/${id}` },
  { name: 'chats-wide', device: DESK, path: '/' },
  { name: 'chat-narrow', device: PHONE, path: `/c/${id}` },
  { name: 'chats-narrow', device: PHONE, path: '/chats' },
]
const browser = await launchBrowser()
for (const picture of pictures) await take(browser, picture)
await browser.close()
await server.close()

async function take(from: Browser, { name, device, path }: Picture): Promise<void> {
  const { page, context } = await openPage(from, { ...device, colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto(`${server.url}${path}`)
  await page.getByText('✓ synced').and(page.locator(':visible')).first().waitFor()
  if (path.startsWith('/c/')) await page.locator('.turn[data-state="complete"] .answer h3, .answer p').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${FOLDER}${name}.png` })
  await context.close()
}
