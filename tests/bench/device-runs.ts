import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { DESK, launchProfile } from '../helpers/browser.ts'

export type CopyFigures = { readonly seconds: number; readonly bytes: number }
export type ProductCopyFigures = CopyFigures & {
  /** Milliseconds for a page of 200 changed rows on the device that was just filled. */
  readonly deltaMs: number
}
export type EditFigures = { readonly singleMs: readonly number[]; readonly burstMs: number; readonly idleCalls: number }

const SINGLE_EDITS = 30
const BURST = 200
const IDLE_MS = 20_000

/** What a script in the page is given by PouchDB. */
type PouchDatabase = {
  bulkDocs(documents: readonly object[]): Promise<unknown>
  put(document: object): Promise<unknown>
  changes(options: object): { on(name: 'change', listener: (change: { id: string }) => void): void }
}
declare global {
  var PouchDB: {
    new (name: string, options: object): PouchDatabase
    replicate(from: string, to: PouchDatabase, options: object): Promise<unknown>
    sync(from: PouchDatabase, to: string, options: object): unknown
  }
  /** When each document was first seen here, by the machine's clock. */
  var seenAt: Map<string, number>
  var pouch: PouchDatabase
}

/** From the address to the first chat in the list. */
export async function firstScreenMs(url: string): Promise<number> {
  return withProfile(async context => {
    const page = await context.newPage()
    // Seen by the page itself: asking from outside costs the busy page as much again.
    await page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        if (document.querySelector('.list a[href^="/c/"]') === null) return
        observer.disconnect()
        requestAnimationFrame(() => seenAt.set('list', Date.now()))
      })
      globalThis.seenAt = new Map()
      observer.observe(document, { childList: true, subtree: true })
    })
    const startedAt = Date.now()
    await page.goto(url, { waitUntil: 'commit' })
    await page.waitForFunction(() => seenAt.has('list'), null, { polling: 100 })
    return (await page.evaluate(() => seenAt.get('list') ?? Number.NaN)) - startedAt
  })
}

export async function copyByProduct(url: string): Promise<ProductCopyFigures> {
  return withProfile(async context => {
    const { page, bytes } = await openCounted(context, url)
    const milliseconds = await page.evaluate(async () => {
      const startedAt = performance.now()
      const { database } = await lab.startHost()
      const phase = async () => (await database.meta.get('sync'))?.first_load.phase ?? 'boot'
      const onError = (cause: unknown) => lab.faults.push(String(cause))
      await lab.until(lab.liveSignal(lab.life.signal, phase, { initial: 'boot', onError }))(now => now === 'done')
      return performance.now() - startedAt
    })
    const wire = await bytes()
    const deltaMs = await page.evaluate(async rows => lab.takeDelta(await lab.open(), rows), BURST)
    return { seconds: milliseconds / 1000, bytes: wire, deltaMs }
  })
}

export async function copyByPouch(url: string): Promise<CopyFigures> {
  return withProfile(async context => {
    const { page, bytes } = await openCounted(context, `${url}/page`)
    const milliseconds = await page.evaluate(async remote => {
      const startedAt = performance.now()
      await PouchDB.replicate(remote, new PouchDB('rows', { adapter: 'indexeddb' }), { batch_size: 1000 })
      return performance.now() - startedAt
    }, `${url}/db/rows`)
    return { seconds: milliseconds / 1000, bytes: await bytes() }
  })
}

export async function editsByProduct(url: string): Promise<EditFigures> {
  const open = async (page: Page): Promise<void> => {
    await page.goto(url)
    await page.evaluate(async () => {
      const { host, database } = await lab.startHost()
      Object.assign(globalThis, { host, database, seenAt: new Map() })
      const newest = () => database.conversations.orderBy('updated_at').reverse().limit(250).toArray()
      const onError = (cause: unknown) => lab.faults.push(String(cause))
      lab.liveSignal(lab.life.signal, newest, { initial: [], onError }).subscribe(rows => {
        for (const { title } of rows) if (!seenAt.has(String(title))) seenAt.set(String(title), Date.now())
      })
      await lab.until(host.status)(({ lastSyncedAt }) => lastSyncedAt !== null)
      const phase = async () => (await database.meta.get('sync'))?.first_load.phase ?? 'boot'
      await lab.until(lab.liveSignal(lab.life.signal, phase, { initial: 'boot', onError }))(now => now === 'done')
    })
  }
  const add = (page: Page, names: readonly string[]): Promise<void> =>
    page.evaluate(all => lab.addConversations(host, all), names)
  return measureEdits({ open, add })
}

export async function editsByPouch(url: string): Promise<EditFigures> {
  const open = async (page: Page): Promise<void> => {
    await page.goto(`${url}/page`)
    await page.evaluate(async remote => {
      const pouch = new PouchDB('rows', { adapter: 'indexeddb' })
      Object.assign(globalThis, { pouch, seenAt: new Map() })
      await PouchDB.replicate(remote, pouch, { batch_size: 1000 })
      pouch.changes({ live: true, since: 'now' }).on('change', ({ id }) => seenAt.set(id, Date.now()))
      PouchDB.sync(pouch, remote, { live: true, retry: true })
    }, `${url}/db/rows`)
  }
  const add = (page: Page, names: readonly string[]): Promise<void> =>
    page.evaluate(async all => {
      await pouch.bulkDocs(all.map(name => ({ _id: name, title: name })))
    }, names)
  return measureEdits({ open, add })
}

type Pair = {
  readonly open: (page: Page) => Promise<void>
  readonly add: (page: Page, names: readonly string[]) => Promise<void>
}

/** Two devices; what one does is awaited on the other. */
async function measureEdits({ open, add }: Pair): Promise<EditFigures> {
  return withProfile(one =>
    withProfile(async other => {
      const [from, to] = [await one.newPage(), await other.newPage()]
      await open(from)
      await open(to)
      const take = async (names: readonly string[]): Promise<number> => {
        const startedAt = Date.now()
        await add(from, names)
        const last = names.at(-1) ?? ''
        await to.waitForFunction(name => seenAt.has(name), last, { polling: 10 })
        return (await to.evaluate(name => seenAt.get(name) ?? Number.NaN, last)) - startedAt
      }
      const singleMs: number[] = []
      for (let index = 0; index < SINGLE_EDITS; index++) singleMs.push(await take([`single ${index}`]))
      const burstMs = await take(Array.from({ length: BURST }, (_, index) => `burst ${index}`))
      await from.waitForTimeout(2000)
      let idleCalls = 0
      to.on('request', () => {
        idleCalls += 1
      })
      await to.waitForTimeout(IDLE_MS)
      return { singleMs, burstMs, idleCalls }
    }),
  )
}

/**
 * A device of its own: a real profile, for a private window keeps its databases in memory and is slower; a fresh one each time, for
 * a used one deletes in the background.
 */
async function withProfile<Result>(work: (context: BrowserContext) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-profile-'))
  const context = await launchProfile(folder, DESK)
  try {
    return await work(context)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A page whose calls are counted from when it has loaded, as compressed on the wire. */
async function openCounted(
  context: BrowserContext,
  url: string,
): Promise<{ readonly page: Page; readonly bytes: () => Promise<number> }> {
  const page = await context.newPage()
  await page.goto(url)
  const sizes: Promise<number>[] = []
  page.on('requestfinished', request => {
    const isCode = request.resourceType() === 'script'
    if (!isCode) sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  return { page, bytes: async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) }
}
