import type { Scheduler } from '#shared/clock.ts'
import { DATABASE_NAME } from './local-database.ts'

/** What only this device has: prompts and other changes that were not sent, what was being written, what could not be done. */
const OWN_TABLES = ['mut', 'drafts', 'lost'] as const

export type Rescued = {
  readonly tables: Readonly<Record<string, readonly unknown[]>>
  /** The tables of which nothing could be read. */
  readonly unreadable: readonly string[]
}

export type RescueOptions = { readonly factory: IDBFactory; readonly scheduler: Scheduler }

const PATIENCE_MS = 5000

/** Reads what can be read of a database that the product cannot open any more. Never throws, and changes nothing. */
export async function rescueUnsent({ factory, scheduler }: RescueOptions): Promise<Rescued> {
  const database = await patiently(scheduler, openAsItIs(factory))
  const tables: Record<string, readonly unknown[]> = {}
  const unreadable: string[] = []
  for (const name of OWN_TABLES) {
    const rows = database === null ? null : await patiently(scheduler, readAll(database, name))
    if (rows === null) unreadable.push(name)
    else tables[name] = rows
  }
  const broughtIn = database === null ? null : await patiently(scheduler, readUntold(database))
  if (broughtIn === null) unreadable.push('untold')
  else Object.assign(tables, broughtIn)
  database?.close()
  return { tables, unreadable }
}

/** Deletes the database, so that the next start makes another. False when something holds it, or it does not answer. */
export async function startOver({ factory, scheduler }: RescueOptions): Promise<boolean> {
  const deleting = new Promise<boolean>(resolve => {
    const request = factory.deleteDatabase(DATABASE_NAME)
    request.onsuccess = () => resolve(true)
    request.onerror = () => resolve(false)
  })
  return (await patiently(scheduler, deleting)) ?? false
}

/** In whatever version it is; null where there is none. */
function openAsItIs(factory: IDBFactory): Promise<IDBDatabase | null> {
  return new Promise(resolve => {
    const request = factory.open(DATABASE_NAME)
    request.onupgradeneeded = () => request.transaction?.abort()
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => resolve(null)
  })
}

/** Chats that were brought in and are not in the log: their rows are all there is of them. */
async function readUntold(database: IDBDatabase): Promise<Record<string, readonly unknown[]> | null> {
  const entries = await readAll(database, 'untold')
  if (entries === null) return null
  const conversations: unknown[] = []
  const messages: unknown[] = []
  const packed = (await readAll(database, 'parcels')) ?? []
  for (const id of new Set([...entries.map(idOf), ...packed.flatMap(chatsOf)])) {
    if (typeof id !== 'string') continue
    conversations.push(...((await readAll(database, 'conversations', IDBKeyRange.only(id))) ?? []))
    messages.push(...((await readAll(database, 'messages', IDBKeyRange.bound([id], [id, []]))) ?? []))
  }
  return { conversations, messages }
}

function idOf(entry: unknown): unknown {
  return Reflect.get(Object(entry), 'id')
}

/** The conversations of which a parcel holds a row. */
function chatsOf(parcel: unknown): readonly unknown[] {
  const rows: unknown = Reflect.get(Object(parcel), 'rows')
  return Array.isArray(rows) ? rows.map(row => Reflect.get(Object(row), 'conversation_id') ?? idOf(row)) : []
}

function readAll(database: IDBDatabase, name: string, range?: IDBKeyRange): Promise<readonly unknown[] | null> {
  return new Promise(resolve => {
    if (!database.objectStoreNames.contains(name)) return resolve(null)
    const request = database.transaction(name).objectStore(name).getAll(range)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => resolve(null)
  })
}

/** Null when it takes longer than anybody waits, or is refused outright. */
function patiently<Value>(scheduler: Scheduler, work: Promise<Value>): Promise<Value | null> {
  return new Promise(resolve => {
    const stop = scheduler.after(PATIENCE_MS, () => resolve(null))
    work.then(resolve, () => resolve(null)).finally(stop)
  })
}
