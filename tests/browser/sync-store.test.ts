import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { buildPages } from './pages/build-pages.ts'
import { STORE_CONTRACT } from './pages/store-contract.ts'

let browser: Browser
let pages: Awaited<ReturnType<typeof buildPages>>
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  pages = await buildPages()
  browser = await launchBrowser()
  server = await startTestServer({ client: staticFiles(pages.folder) })
})

afterAll(async () => {
  await browser.close()
  await server.close()
  pages.remove()
})

beforeEach(async () => {
  watched = await openPage(browser)
  await watched.page.goto(server.url)
})

afterEach(async () => {
  await watched.context.close()
  expect(watched.faults).toEqual([])
})

describe('opening the database', () => {
  test('waits for an old tab that keeps it from being upgraded, and says so', async () => {
    const told = await watched.page.evaluate(async () => {
      const old = await new Promise<IDBDatabase>(resolve => {
        const request = indexedDB.open(lab.DATABASE_NAME, 5)
        request.onsuccess = () => resolve(request.result)
      })
      const heard: string[] = []
      const opening = lab.open(heard)
      while (!heard.includes('blocked')) await new Promise(resolve => void setTimeout(resolve, 20))
      old.close()
      const { database } = await opening
      return { heard, isOpen: database.isOpen() }
    })

    expect(told).toEqual({ heard: ['blocked'], isOpen: true })
  })

  test('says that the browser stores nothing, as in a private window', async () => {
    const reason = await watched.page.evaluate(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The user denied permission to access the database.', 'SecurityError')
      }
      return lab.open().then(
        () => 'open',
        (error: unknown) => Reflect.get(Object(error), 'message'),
      )
    })

    expect(reason).toBe('refused')
  })

  test('asks a database that does not answer a second time after five seconds', async () => {
    await watched.page.clock.install()
    const opening = watched.page.evaluate(async () => {
      let calls = 0
      const answering = IDBFactory.prototype.open
      IDBFactory.prototype.open = function (this: IDBFactory, ...args) {
        calls += 1
        return calls === 1 ? JSON.parse('{}') : answering.apply(this, args)
      }
      const { database } = await lab.open()
      return { calls, isOpen: database.isOpen() }
    })
    await watched.page.clock.runFor(5000)

    expect(await opening).toEqual({ calls: 2, isOpen: true })
  })
})

describe('the store on IndexedDB', () => {
  test.each(STORE_CONTRACT)('$name', async ({ name }) => {
    await watched.page.evaluate(caseName => lab.checkStore(caseName), name)
  })

  test('shows what it commits to the live queries of this tab and of another, and only to those that read it', async () => {
    const other = await watched.context.newPage()
    await other.goto(server.url)
    const follow = async () => {
      const { database } = await lab.open()
      const seen: number[] = []
      Object.assign(globalThis, { seen })
      const { signal } = lab.life
      const chat = () => database.messages.where('[conversation_id+id]').between(['a', ''], ['a', '\uffff']).count()
      const onError = (cause: unknown) => lab.faults.push(String(cause))
      lab.liveSignal(signal, chat, { initial: -1, onError }).subscribe(count => seen.push(count))
      await lab.until(lab.liveSignal(signal, chat, { initial: -1, onError }))(count => count === 0)
    }
    await watched.page.evaluate(follow)
    await other.evaluate(follow)

    await watched.page.evaluate(async () => {
      const { store } = await lab.open()
      const row = { rev: 1, era: 0, at: {}, purged: false }
      await store.transaction('write', tables => tables.messages.put({ ...row, conversation_id: 'b', id: '1' }))
      await store.transaction('write', tables =>
        tables.messages.putMany([
          { ...row, conversation_id: 'a', id: '1' },
          { ...row, conversation_id: 'a', id: '2' },
        ]),
      )
    })

    for (const page of [watched.page, other]) {
      await page.waitForFunction(() => Reflect.get(globalThis, 'seen').at(-1) === 2)
      expect(await page.evaluate(() => [Reflect.get(globalThis, 'seen'), lab.faults])).toEqual([[-1, 0, 2], []])
    }
  })

  test('writes rows quietly: they are there, and neither a page nor the search is told', async () => {
    const found = await watched.page.evaluate(async () => {
      const { database, store } = await lab.open()
      const message = (id: string) => ({ id, conversation_id: 'q', rev: 1, era: 0, at: {}, purged: false })
      const heard: number[] = []
      const { signal } = lab.life
      const chat = () => database.messages.where('[conversation_id+id]').between(['q', ''], ['q', '\uffff']).count()
      const onError = (cause: unknown) => lab.faults.push(String(cause))
      const count = lab.liveSignal(signal, chat, { initial: -1, onError })
      count.subscribe(value => heard.push(value))
      await lab.until(count)(value => value === 0)
      const before = await database.changes.count()
      await store.transaction('write', tables => tables.messages.putQuietly([message('1')]))
      await store.transaction('write', tables => tables.messages.put(message('2')))
      await lab.until(count)(value => value === 2)
      return { heard, logged: (await database.changes.count()) - before }
    })

    expect(found).toEqual({ heard: [-1, 0, 2], logged: 1 })
  })

  test('keeps a tab’s committed edit and nothing of the one it was torn out of', async () => {
    const other = await watched.context.newPage()
    await other.goto(server.url)
    await other.evaluate(async () => {
      const { store } = await lab.open()
      const row = { rev: 1, era: 0, at: {}, purged: false }
      await store.transaction('durable-write', tables => tables.conversations.put({ ...row, id: 'whole' }))
      // Keeps itself busy in the middle of a transaction until the tab is closed.
      void store.transaction('durable-write', async tables => {
        await tables.conversations.put({ ...row, id: 'torn' })
        Object.assign(globalThis, { isInside: true })
        for (;;) await tables.conversations.count()
      })
    })
    await other.waitForFunction(() => Reflect.get(globalThis, 'isInside') === true)
    await other.close({ runBeforeUnload: false })

    const found = await watched.page.evaluate(async () => {
      const { store } = await lab.open()
      return store.transaction('read', async tables => (await tables.conversations.range({})).map(({ id }) => id))
    })

    expect(found).toEqual(['whole'])
  })

  test('says that the device is full, keeps what was there, and writes again when there is room', async () => {
    const session = await watched.context.newCDPSession(watched.page)
    const setQuota = (quotaSize?: number) =>
      session.send('Storage.overrideQuotaForOrigin', { origin: server.url, ...(quotaSize ? { quotaSize } : {}) })
    const fill = (id: string, length: number) =>
      watched.page.evaluate(
        async ([rowId, size]) => {
          const { store } = await lab.open()
          const row = { rev: 1, era: 0, at: {}, purged: false, id: rowId, noise: lab.noise(size) }
          return store
            .transaction('durable-write', tables => tables.conversations.put(row))
            .then(
              () => 'stored',
              (error: unknown) => Reflect.get(Object(error), 'code'),
            )
        },
        [id, length] as const,
      )
    await setQuota(3_000_000)
    const first = await fill('a', 100_000)

    const full = await fill('b', 8_000_000)
    await setQuota()
    const again = await fill('c', 8_000_000)

    expect([first, full, again]).toEqual(['stored', 'disk-full', 'stored'])
  })

  test('goes on with a new connection when the browser has closed the old one', async () => {
    const found = await watched.page.evaluate(async () => {
      const { database, store } = await lab.open()
      const row = { id: 'a', rev: 1, era: 0, at: {}, purged: false }
      await store.transaction('durable-write', tables => tables.conversations.put(row))
      database.backendDB().close()
      return store.transaction('read', tables => tables.conversations.count())
    })

    expect(found).toBe(1)
  })

  test('puts the database aside with all its rows', async () => {
    const found = await watched.page.evaluate(async () => {
      const { database, store } = await lab.open()
      const row = { rev: 1, era: 0, at: {}, purged: false }
      await lab.putMeta(store, 'd')
      await store.transaction('durable-write', async tables => {
        await tables.messages.putMany(
          Array.from({ length: 1200 }, (_, n) => ({ ...row, conversation_id: 'a', id: `${n}` })),
        )
      })
      await database.drafts.put({ conversation_id: 'new', text: 'half a', updated_at: 1 })
      await store.putAside('d')
      const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? [])
      const name = names.find(other => other !== lab.DATABASE_NAME) ?? ''
      const aside = await new Promise<IDBDatabase>(resolve => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
      })
      const kept = await new Promise<number>(resolve => {
        const request = aside.transaction('messages').objectStore('messages').count()
        request.onsuccess = () => resolve(request.result)
      })
      return { name, kept, left: await database.messages.count(), drafts: await database.drafts.count() }
    })

    expect(found).toEqual({ name: expect.stringMatching(/^llmr-aside-\d+$/), kept: 1200, left: 0, drafts: 1 })
  })
})
