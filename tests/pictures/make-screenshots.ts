/** Photographs the built app for its manifest and the README, with the Chromium of the tests and recorded answers: `npm run screenshots`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, launchBrowser, openPage, PHONE } from '../helpers/browser.ts'
import { startServerProcess } from '../helpers/server-process.ts'
import { startTestServer } from '../helpers/test-server.ts'

const FOLDER = fileURLToPath(new URL('../../client/public/screenshots/', import.meta.url))
const QUESTIONS = [
  'Where is my data kept?',
  'What does an answer cost?',
  'Does it work without the network?',
  'How do I add an OpenAI key?',
]

const PHONES = {
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  android:
    'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36',
}

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
await takeWayToHttps()

async function take(from: Browser, { name, device, path }: Picture): Promise<void> {
  const { page, context } = await openPage(from, { ...device, colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto(`${server.url}${path}`)
  await page.getByText('✓ synced').and(page.locator(':visible')).first().waitFor()
  if (path.startsWith('/c/')) await page.locator('.turn[data-state="complete"] .answer h3, .answer p').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${FOLDER}${name}.png` })
  await context.close()
}

/** What a phone is shown that does not trust the server yet, as the README shows it. */
async function takeWayToHttps(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  const secured = await startServerProcess({
    HOST: '0.0.0.0',
    DATABASE_PATH: join(folder, 'llm-router.db'),
    // The picture names it.
    TLS_PORT: '8443',
    ALLOWED_HOSTS: 'raspberrypi.local,private',
    // As it is started by a person, with the client, whose look this page wears.
    LLM_ROUTER_API_ONLY: '0',
  })
  const stranger = await launchBrowser({ hosts: ['raspberrypi.local'] })
  for (const [phone, userAgent] of Object.entries(PHONES)) {
    const { page, context } = await openPage(stranger, { ...PHONE, userAgent, colorScheme: 'dark' })
    await page.goto(`http://raspberrypi.local:${new URL(secured.url).port}/https`)
    await page.getByText('This device does not trust your pi yet.').waitFor()
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: fileURLToPath(new URL(`https-${phone}.png`, import.meta.url)) })
    await context.close()
  }
  await stranger.close()
  await secured.stop()
  rmSync(folder, { recursive: true })
}
