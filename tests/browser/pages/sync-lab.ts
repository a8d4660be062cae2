/// <reference types="vite/client" />
import { makeId } from '#shared/ids.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { parseSyncPage, SYNC_SCHEMA } from '#shared/wire/sync.ts'
import { createDexieSyncStore } from '../../../client/database/dexie-sync-store.ts'
import { DATABASE_NAME, type LocalDatabase } from '../../../client/database/local-database.ts'
import { openLocalDatabase } from '../../../client/database/open-database.ts'
import { systemClock } from '../../../client/platform/clock.ts'
import { openLocalStore, pageStorage } from '../../../client/platform/local-store.ts'
import { randomBytes } from '../../../client/platform/random.ts'
import { pageScheduler } from '../../../client/platform/scheduler.ts'
import { trustedScriptUrl } from '../../../client/platform/trusted-urls.ts'
import { liveSignal } from '../../../client/signals/live-query.ts'
import { applyPage } from '../../../client/sync/apply-page.ts'
import type { SyncStore } from '../../../client/sync/sync-store.ts'
import { createSyncHost, type SyncHost } from '../../../client/sync-host/sync-host.ts'
import syncWorkerUrl from '../../../client/workers/sync-worker.ts?worker&url'
import { putMeta, STORE_CONTRACT } from './store-contract.ts'

const life = new AbortController()
const faults: string[] = []

type Opened = { readonly database: LocalDatabase; readonly store: SyncStore }

/** Opens the database of this page's origin as the product does. */
async function open(told: string[] = [], onClosing = (_: 'upgraded' | 'deleted'): void => undefined): Promise<Opened> {
  const opened = await openLocalDatabase({
    clock: systemClock,
    randomBytes,
    scheduler: pageScheduler,
    onBlocked: () => told.push('blocked'),
    onClosing: reason => {
      told.push(reason)
      onClosing(reason)
    },
  })
  if (opened.kind === 'unavailable') throw new Error(opened.reason, { cause: opened.cause })
  const { database } = opened
  return { database, store: createDexieSyncStore(database, { clock: systemClock, scheduler: pageScheduler }) }
}

/** Opens the database and starts the sync of this page. */
async function startHost(): Promise<{ readonly host: SyncHost; readonly database: LocalDatabase }> {
  let host: SyncHost | null = null
  const { database } = await open([], reason => host?.databaseClosing(reason))
  host = createSyncHost({
    alive: life.signal,
    database,
    spawn: () => new Worker(trustedScriptUrl(syncWorkerUrl), { type: 'module' }),
    clock: systemClock,
    scheduler: pageScheduler,
    randomBytes,
    marker: openLocalStore(pageStorage('localStorage')),
    onFault: cause => faults.push(String(cause)),
  })
  return { host, database }
}

/** Starts a conversation with a title, as an act of the user. */
async function addConversation(host: SyncHost, title: string): Promise<string> {
  const id = makeId(Date.now(), randomBytes)
  await host.edit(editor => editor.put(rowRef('conversations', id), { title, updated_at: Date.now() }))
  return id
}

/** Starts many conversations in one act. */
async function addConversations(host: SyncHost, titles: readonly string[]): Promise<void> {
  await host.edit(async editor => {
    for (const title of titles) {
      await editor.put(rowRef('conversations', makeId(Date.now(), randomBytes)), { title, updated_at: Date.now() })
    }
  })
}

/** Reads and takes in a page of changed rows as the sync does: the newest messages of this device. Returns how long that took, in milliseconds. */
async function takeDelta({ database, store }: Opened, count: number): Promise<number> {
  const context = { store, clock: systemClock, randomBytes, rules: DEVICE_RULES }
  const [meta, messages] = await Promise.all([
    database.meta.get('sync'),
    database.messages.reverse().limit(count).toArray(),
  ])
  if (meta?.cursor === undefined || meta.cursor === null || meta.epoch === null) throw new Error('not synced yet')
  const { device, epoch, cursor, ack } = meta
  const head = Math.max(cursor[0], ...messages.map(({ rev }) => rev)) + 1
  const rows = messages.map(({ id, rev, era, at, purged, ...fields }) => {
    return ['messages', id, head, fields['conversation_id'], 0, fields, at]
  })
  const feed = { end: 'sync', epoch, ack, results: [], from: cursor[0], next: [head, 'delta'], head, more: false }
  const text = [...rows, { ...feed, now: systemClock.now() }].map(line => `${JSON.stringify(line)}\n`).join('')
  const request = { v: 1 as const, schema: SYNC_SCHEMA, device, epoch, cursor, ack_n: ack[0], muts: [], limit: count }
  const startedAt = performance.now()
  const page = parseSyncPage(text)
  if (page === null) throw new Error('a page that cannot be read')
  const end = await store.transaction('write', tables => applyPage(tables, context, { request, page }))
  if (end !== 'applied') throw new Error(end)
  return performance.now() - startedAt
}

/** Asks the built-in manual, as an act of the user. Returns the id of the answer. */
async function ask(host: SyncHost, conversationId: string, content: string): Promise<string> {
  const [runId, questionId, answerId] = [0, 1, 2].map(() => makeId(Date.now(), randomBytes))
  if (runId === undefined || questionId === undefined || answerId === undefined) throw new Error('three ids')
  await host.edit(async editor => {
    await editor.put(messageRef(conversationId, questionId), { conversation_id: conversationId, role: 'user', content })
    await editor.startRun({
      id: runId,
      conversation_id: conversationId,
      user_message_id: questionId,
      message_id: answerId,
      model: 'manual/manual',
    })
  })
  return answerId
}

/** The value that a signal has as soon as it passes. */
function until<Value>(source: { readonly subscribe: (listener: (value: Value) => void) => () => void }) {
  return (isWanted: (value: Value) => boolean): Promise<Value> =>
    new Promise(resolve => {
      let stop = (): void => undefined
      let isDone = false
      stop = source.subscribe(value => {
        if (isDone || !isWanted(value)) return
        isDone = true
        resolve(value)
        queueMicrotask(() => stop())
      })
    })
}

/** Runs one case of the contract on an empty database. */
async function checkStore(name: string): Promise<void> {
  const { database, store } = await open()
  const found = STORE_CONTRACT.find(storeCase => storeCase.name === name)
  if (found === undefined) throw new Error(`There is no case “${name}”`)
  await found.check(store)
  database.close()
}

/** What no compression makes smaller. */
function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += 65_536) crypto.getRandomValues(bytes.subarray(start, start + 65_536))
  return bytes
}

const tools = {
  DATABASE_NAME,
  checkStore,
  open,
  startHost,
  addConversation,
  addConversations,
  takeDelta,
  ask,
  until,
  liveSignal,
  putMeta,
  noise,
  faults,
  life,
}

declare global {
  var lab: typeof tools
}

globalThis.lab = tools
