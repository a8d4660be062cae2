import { openFlexsearch } from './flexsearch.mjs'
import { openMinisearch } from './minisearch.mjs'
import { openSqlite } from './sqlite.mjs'

const PEERS = { flexsearch: openFlexsearch, minisearch: openMinisearch, sqlite: openSqlite }

/** Another engine, with the product's own way to see words. */
export async function openPeer(name, wordsOf) {
  return PEERS[name](wordsOf)
}
