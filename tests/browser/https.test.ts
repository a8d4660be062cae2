import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, PHONE } from '../helpers/browser.ts'
import { installObstacles } from '../helpers/install-obstacles.ts'
import { kept } from '../helpers/installed-page.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { trustAuthority } from '../helpers/trust-store.ts'

const HOSTS = ['pi.local', 'evil.example']

let server: TestServer
let home: string
let stranger: Browser
let friend: Browser

beforeAll(async () => {
  server = await startTestServer({
    client: staticFiles('dist'),
    environment: { TLS_PORT: '0', ALLOWED_HOSTS: 'private,evil.example' },
  })
  home = mkdtempSync(join(tmpdir(), 'llm-router-home-'))
  await trustAuthority(home, await (await server.request('/ca.crt')).text(), server.secureUrl)
  stranger = await launchBrowser({ hosts: HOSTS })
  friend = await launchBrowser({ home, hosts: HOSTS })
}, 120_000)

afterAll(async () => {
  await stranger.close()
  await friend.close()
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

const plain = (host: string) => `http://${host}:${new URL(server.url).port}`
const secure = (host: string) => `https://${host}:${new URL(server.secureUrl).port}`

test('a phone that does not trust the pi is shown how, and can go on without', async () => {
  const { page, context, faults } = await openPage(stranger, PHONE)

  await page.goto(`${plain('pi.local')}/`)

  expect(page.url()).toBe(`${plain('pi.local')}/https`)
  await page.getByText('This device does not trust your pi yet.').waitFor()
  await page.waitForTimeout(2000)
  expect(page.url()).toBe(`${plain('pi.local')}/https`)
  await page.getByRole('link', { name: 'use it without installing' }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  expect(page.url()).toMatch(/^http:\/\/pi\.local/)
  expect(await installObstacles(page)).toEqual(['the page is not secure', 'no service worker keeps it'])
  // The browser reports each question that it would not send, and each header that plain HTTP has no use for.
  expect(
    faults.filter(
      fault => !/ERR_CERT_AUTHORITY_INVALID|Failed to load resource|Opener-Policy header has been ignored/.test(fault),
    ),
  ).toEqual([])
  await context.close()
})

test('a device that trusts the pi is noticed, and brought to the app over HTTP/2 by itself, where nothing is in the way of installing it', async () => {
  const { page, context } = await openPage(friend)

  await page.goto(`${plain('pi.local')}/`)
  await page.waitForURL(`${secure('pi.local')}/**`)
  await page.getByRole('textbox', { name: 'Message' }).waitFor()

  const seen = await page.evaluate(() => [
    window.isSecureContext,
    'serviceWorker' in navigator,
    performance.getEntriesByType('navigation').map(entry => Reflect.get(entry, 'nextHopProtocol')),
  ])
  expect(seen).toEqual([true, true, ['h2']])
  await kept(page)
  expect(await installObstacles(page)).toEqual([])
  await context.close()
})

test('whoever trusts the pi still trusts nobody else by its name', async () => {
  const { page, context } = await openPage(friend)

  await expect(page.goto(secure('evil.example'))).rejects.toThrow(/ERR_CERT/)
  await context.close()
})
