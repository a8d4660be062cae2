import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../server/database/open-database.ts'
import { startChild } from './child.ts'
import { needPeers } from './need-peers.ts'

/** A CouchDB with the rows of a data set. */
export type Couch = { readonly url: string; fill(databasePath: string): Promise<void>; stop(): Promise<void> }

const HERE = fileURLToPath(new URL('.', import.meta.url))
const DOCUMENTS_A_CALL = 2000
const KINDS = ['conversations', 'messages'] as const

/** Starts PouchDB's own server, which keeps its rows in memory. It is no part of the product. */
export async function startCouch(): Promise<Couch> {
  needPeers()
  const { url, stop } = await startChild({ parameters: [`${HERE}processes/couch.mjs`], environment: {} })
  const call = async (path: string, method: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${url}/db/rows${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`The CouchDB answered ${response.status}`)
    await response.arrayBuffer()
  }
  return {
    url,
    stop,
    fill: async databasePath => {
      await call('', 'PUT')
      for (const docs of documentsOf(databasePath)) await call('/_bulk_docs', 'POST', { docs })
    },
  }
}

/** The same columns as the feed tells, each row a document. */
function* documentsOf(databasePath: string): Generator<readonly object[]> {
  const sqlite = openDatabase(databasePath)
  try {
    for (const kind of KINDS) {
      const rows = sqlite.prepare<[], { id: string; user_id: number; rev: number }>(`SELECT * FROM ${kind}`).all()
      for (let from = 0; from < rows.length; from += DOCUMENTS_A_CALL) {
        const part = rows.slice(from, from + DOCUMENTS_A_CALL)
        yield part.map(({ id, user_id: _user, rev: _rev, ...fields }) => ({ _id: `${kind}/${id}`, kind, ...fields }))
      }
    }
  } finally {
    sqlite.close()
  }
}
