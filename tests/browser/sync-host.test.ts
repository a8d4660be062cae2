import { randomBytes } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, setVisibility, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { buildPages } from './pages/build-pages.ts'

/** Long enough for another tab to notice, and to take over. */
const FROZEN_MS = 30_000

let browser: Browser
let pages: Awaited<ReturnType<typeof buildPages>>
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  pages = await buildPages()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  pages.remove()
})

beforeEach(async () => {
  server = await startTestServer({ client: staticFiles(pages.folder) })
  watched = await openPage(browser)
})

afterEach(async () => {
  await watched.context.close()
  await server.close()
})

/** A tab that syncs; `host` and `database` stand in its global scope. */
async function openTab(): Promise<Page> {
  const page = await watched.context.newPage()
  await page.goto(server.url)
  await page.evaluate(async () => {
    const { host, database } = await lab.startHost()
    Object.assign(globalThis, { host, database })
    await lab.until(host.status)(({ link }) => link === 'idle')
  })
  return page
}

declare global {
  var host: Awaited<ReturnType<typeof lab.startHost>>['host']
  var database: Awaited<ReturnType<typeof lab.startHost>>['database']
}

const titlesOn = (page: Page): Promise<readonly unknown[]> =>
  page.evaluate(async () => (await database.conversations.toArray()).map(({ title }) => title).sort())

const titlesOnServer = async (): Promise<readonly string[]> =>
  (await (await server.request('/api/conversations')).json()).map(({ title }: { title: string }) => title).sort()

/** Waits until the tab shows a conversation with this title. */
const waitForTitle = (page: Page, title: string): Promise<void> =>
  page.evaluate(async wanted => {
    const titles = async () => (await database.conversations.toArray()).map(row => row['title'])
    const onError = (cause: unknown) => lab.faults.push(String(cause))
    await lab.until(lab.liveSignal(lab.life.signal, titles, { initial: [], onError }))(list => list.includes(wanted))
  }, title)

const faultsOf = (page: Page): Promise<readonly string[]> => page.evaluate(() => lab.faults)

describe('a tab that syncs', () => {
  test('takes an edit to the server and another device’s edit to the screen', async () => {
    const page = await openTab()

    await page.evaluate(() => lab.addConversation(host, 'from the tab'))
    await expect.poll(titlesOnServer).toEqual(['from the tab'])
    await server.request('/api/conversations', { method: 'POST', body: { title: 'from elsewhere' } })
    await waitForTitle(page, 'from elsewhere')

    expect(await titlesOnServer()).toEqual(['from elsewhere', 'from the tab'])
    expect(await titlesOn(page)).toEqual(['from elsewhere', 'from the tab'])
    expect(await faultsOf(page)).toEqual([])
  })

  test('asks a prompt, hears of its run, and stores the answer', async () => {
    const page = await openTab()

    const answer = await page.evaluate(async () => {
      const states: string[] = []
      const ends = new Promise<void>(resolve => {
        host.watchRuns(lab.life.signal, ({ state }) => {
          states.push(state)
          if (state === 'done') resolve()
        })
      })
      const conversationId = await lab.addConversation(host, 'a question')
      const answerId = await lab.ask(host, conversationId, 'How do I add a key?')
      const queued = await lab.until(host.outbox)(entries => entries.length > 0)
      await ends
      await lab.until(host.outbox)(entries => entries.length === 0)
      const read = () => database.messages.get([conversationId, answerId])
      const row = await lab.until(
        lab.liveSignal(lab.life.signal, read, { initial: undefined, onError: cause => lab.faults.push(String(cause)) }),
      )(found => found?.['status'] === 'complete')
      return { queued: queued.map(({ prompt }) => prompt.message_id === answerId), states, content: row?.['content'] }
    })

    expect(answer.queued).toEqual([true])
    expect(answer.states.at(-1)).toBe('done')
    expect(answer.content).toContain('key')
    expect(await faultsOf(page)).toEqual([])
  })

  test('keeps an edit while the server is away, says so, and delivers it when it is back', async () => {
    const page = await openTab()
    await watched.context.setOffline(true)

    const away = await page.evaluate(async () => {
      await lab.addConversation(host, 'made offline')
      const { link, pending } = await lab.until(host.status)(now => now.link === 'offline' && now.pending === 1)
      return { link, pending }
    })
    await watched.context.setOffline(false)
    await expect.poll(titlesOnServer, { timeout: 10_000 }).toEqual(['made offline'])

    expect(away).toEqual({ link: 'offline', pending: 1 })
  })
})

test('saves what the user writes on a device that is full', async () => {
  await watched.page.goto(server.url)
  const session = await watched.context.newCDPSession(watched.page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 4_000_000 })
  const page = await openTab()

  const outcome = await page.evaluate(async () => {
    const hasBallast = () => database.ballast.count()
    await lab.until(
      lab.liveSignal(lab.life.signal, hasBallast, { initial: 0, onError: cause => lab.faults.push(String(cause)) }),
    )(count => count === 1)
    const { store } = await lab.open()
    const row = { rev: 1, era: 0, at: {}, purged: false }
    const codes: unknown[] = []
    for (let n = 0; n < 100 && codes.length === 0; n++) {
      const filler = { ...row, id: `filler ${n}`, noise: lab.noise(100_000) }
      await store
        .transaction('write', tables => tables.attachments.put(filler))
        .catch((error: unknown) => codes.push(Reflect.get(Object(error), 'code')))
    }
    // Where the large row found no room, a few small ones may.
    for (let n = 0; n < 300 && (await hasBallast()) > 0; n++)
      await lab.addConversation(host, `${n} ${'long '.repeat(50)}`)
    await lab.addConversation(host, 'a last word')
    return { codes, ballast: await hasBallast() }
  })

  expect(outcome).toEqual({ codes: ['disk-full'], ballast: 0 })
  expect(await titlesOn(page)).toContain('a last word')
})

/** Conversations on the server with one long message each, the last one the newest. Gives their ids. */
async function storeLongChats(count: number, length: number): Promise<readonly string[]> {
  const device = makeId(1, bytes => randomBytes(bytes))
  const ids = Array.from({ length: count }, (_, index) => makeId(index + 1, bytes => randomBytes(bytes)))
  for (const [index, id] of ids.entries()) {
    const at = [index + 1, device]
    const chat = { title: [`Chat ${index}`, at], updated_at: [index + 1, at], created_at: [index + 1, at] }
    const content = randomBytes(length).toString('base64')
    const message = { conversation_id: [id, at], role: ['user', at], content: [content, at], created_at: [1, at] }
    const muts = [
      { op: 'put', kind: 'conversations', id, set: chat },
      { op: 'put', kind: 'messages', id, set: message },
    ].map((body, part) => ({ ...body, n: 2 * index + part + 1, mid: makeId(part, randomBytes), schema: 1 }))
    const request = { v: 1, schema: 1, device, epoch: null, cursor: null, ack_n: 0, muts, limit: 1 }
    expect((await server.request('/api/sync', { body: request })).status).toBe(200)
  }
  return ids
}

test('lets old chats go when the device is full, keeps the list, and fetches what is opened', async () => {
  const ids = await storeLongChats(30, 150_000)
  await watched.page.goto(server.url)
  const session = await watched.context.newCDPSession(watched.page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 5_000_000 })
  const page = await watched.context.newPage()
  await page.goto(server.url)
  await page.evaluate(async () => Object.assign(globalThis, await lab.startHost()))

  const short = await page.evaluate(async () => {
    const { problem } = await lab.until(host.status)(
      ({ progress, link }) => progress?.isPaused === true && link === 'idle',
    )
    return { problem, listed: await database.conversations.count(), loaded: await database.messages.count() }
  })
  const opened = await page.evaluate(async oldest => {
    const count = () => database.messages.where('[conversation_id+id]').equals([oldest, oldest]).count()
    host.open(oldest)
    const onError = (cause: unknown) => lab.faults.push(String(cause))
    return lab.until(lab.liveSignal(lab.life.signal, count, { initial: 0, onError }))(found => found === 1)
  }, ids[0] ?? '')
  await page.evaluate(() => lab.addConversation(host, 'a last word'))
  await expect.poll(titlesOnServer).toContain('a last word')

  expect(short).toMatchObject({ problem: null, listed: 30 })
  expect(short.loaded).toBeGreaterThan(0)
  expect(short.loaded).toBeLessThan(30)
  expect(opened).toBe(1)
})

/** A machine may have other things to do. */
const SOON = { timeout: 20_000 }

test('says on its line whether somebody can see a page of this browser, in whichever tab', async () => {
  const lines: string[] = []
  watched.context.on('request', request => {
    const { pathname, search } = new URL(request.url())
    if (pathname === '/api/live') lines.push(search)
  })
  const first = await openTab()
  await expect.poll(() => lines.at(-1), SOON).toBe('')
  const second = await openTab()

  await setVisibility(first, 'hidden')
  await setVisibility(second, 'hidden')
  await expect.poll(() => lines.at(-1), SOON).toBe('?page=hidden')
  await setVisibility(second, 'visible')
  await expect.poll(() => lines.at(-1), SOON).toBe('')

  await expect.poll(() => server.listeners(), SOON).toBe(1)
})

describe('two tabs', () => {
  test('have one leader, and the other takes over when its tab is closed', async () => {
    const asked: Page[] = []
    watched.context.on('request', request => {
      if (request.url().endsWith('/api/live')) asked.push(request.frame().page())
    })
    const first = await openTab()
    const second = await openTab()

    await second.evaluate(() => lab.addConversation(host, 'of the second'))
    await waitForTitle(first, 'of the second')
    await expect.poll(titlesOnServer).toEqual(['of the second'])
    const linesBefore = asked.length
    await first.close()
    await second.evaluate(() => lab.addConversation(host, 'after the first was closed'))
    await expect.poll(titlesOnServer).toEqual(['after the first was closed', 'of the second'])

    expect(linesBefore).toBe(1)
    expect(asked).toHaveLength(2)
    expect(await faultsOf(second)).toEqual([])
  })

  test('go on without a leader that is frozen, and with it again when it wakes', async () => {
    const first = await openTab()
    const second = await openTab()
    const [worker] = first.workers()
    const frozen = worker?.evaluate(milliseconds => {
      // A loop would freeze it too, and take half of a small machine from the others.
      const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
      Atomics.wait(new Int32Array(buffer), 0, 0, milliseconds)
    }, FROZEN_MS)

    await second.evaluate(() => lab.addConversation(host, 'past the frozen leader'))
    await expect.poll(titlesOnServer, { timeout: FROZEN_MS - 2000 }).toEqual(['past the frozen leader'])
    await frozen
    await first.evaluate(() => lab.addConversation(host, 'when it was awake'))
    await expect
      .poll(titlesOnServer, { timeout: FROZEN_MS - 2000 })
      .toEqual(['past the frozen leader', 'when it was awake'])
    await waitForTitle(first, 'past the frozen leader')

    expect([...(await faultsOf(first)), ...(await faultsOf(second))]).toEqual([])
  })
})

describe('a database that is taken away', () => {
  test('is told when it is deleted under a live tab, and filled from the server again', async () => {
    const page = await openTab()
    await page.evaluate(() => lab.addConversation(host, 'on the server'))
    await expect.poll(titlesOnServer).toEqual(['on the server'])

    const storage = await page.evaluate(async () => {
      const deleted = new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(lab.DATABASE_NAME)
        request.onsuccess = () => resolve()
        request.onerror = () => reject(request.error)
      })
      await deleted
      return lab.until(host.storage)(({ kind }) => kind !== 'kept')
    })
    await waitForTitle(page, 'on the server')
    await page.evaluate(() => lab.addConversation(host, 'written after'))
    await expect.poll(titlesOnServer).toEqual(['on the server', 'written after'])

    expect(storage).toEqual({ kind: 'evicted' })
    expect(await faultsOf(page)).toEqual([])
  })

  test('is told when the browser has cleared it between two visits', async () => {
    const page = await openTab()
    await page.evaluate(() => lab.addConversation(host, 'on the server'))
    await expect.poll(titlesOnServer).toEqual(['on the server'])
    await page.close()
    const session = await watched.context.newCDPSession(watched.page)
    await session.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes: 'indexeddb' })

    const again = await openTab()
    await waitForTitle(again, 'on the server')

    expect(await again.evaluate(() => host.storage.peek())).toEqual({ kind: 'evicted' })
  })

  test('is given up at once to a newer version, and the old tab writes no more', async () => {
    const page = await openTab()
    const newer = await watched.context.newPage()
    await newer.goto(server.url)

    const upgraded = await newer.evaluate(
      () =>
        new Promise<string>(resolve => {
          const request = indexedDB.open(lab.DATABASE_NAME, 1000)
          request.onblocked = () => resolve('blocked')
          request.onupgradeneeded = () => request.result.createObjectStore('of a later version')
          request.onsuccess = () => resolve('upgraded')
        }),
    )
    const told = await page.evaluate(async () => {
      const storage = await lab.until(host.storage)(({ kind }) => kind !== 'kept')
      const edit = await lab.addConversation(host, 'too late').then(
        () => 'written',
        (error: unknown) => Reflect.get(Object(error), 'code'),
      )
      return { storage, edit }
    })
    const reopened = await page.evaluate(() =>
      lab.open().then(
        () => 'open',
        (error: unknown) => String(error),
      ),
    )

    expect(upgraded).toBe('upgraded')
    expect(told).toEqual({ storage: { kind: 'reload', reason: 'upgraded' }, edit: 'internal' })
    expect(reopened).toBe('Error: newer')
  })
})
