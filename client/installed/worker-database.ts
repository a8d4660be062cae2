import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** Something another app has shared into this one, as it waits for the page to take it. */
export type SharedThing = {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly url: string
  readonly files: readonly SharedFile[]
}

export type SharedFile = {
  readonly name: string
  readonly type: string
  readonly sizeBytes: number
  /** Null where the file was too large to be kept. */
  readonly bytes: Blob | null
}

interface WorkerSchema extends DBSchema {
  readonly shares: { readonly key: string; readonly value: SharedThing }
  readonly unread: { readonly key: string; readonly value: { readonly conversation_id: string } }
  readonly versions: {
    readonly key: string
    readonly value: { readonly name: string; readonly keys: readonly string[] }
  }
}

/**
 * Does something with the database that the service worker and the page have in common, apart from the one that holds the chats.
 * `unkept` is what it comes to where the browser stores nothing; without it that is an error.
 */
export async function withWorkerDatabase<Result>(
  work: (database: IDBPDatabase<WorkerSchema>) => Promise<Result>,
  unkept?: { readonly result: Result },
): Promise<Result> {
  let database: IDBPDatabase<WorkerSchema>
  try {
    database = await open()
  } catch (error) {
    if (unkept !== undefined && error instanceof DOMException) return unkept.result
    throw error
  }
  try {
    return await work(database)
  } finally {
    // A worker may be stopped at any moment, and an open connection would keep a later version of the page waiting.
    database.close()
  }
}

function open(): Promise<IDBPDatabase<WorkerSchema>> {
  return openDB<WorkerSchema>('llmr-worker', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('shares', { keyPath: 'id' })
      fresh.createObjectStore('unread', { keyPath: 'conversation_id' })
      fresh.createObjectStore('versions', { keyPath: 'name' })
    },
  })
}
