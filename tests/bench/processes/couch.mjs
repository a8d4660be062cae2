// A CouchDB in memory (PouchDB's own server) with one database, `rows`, and a page that has PouchDB in it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import express from 'express'
import expressPouchdb from 'express-pouchdb'
import pouchdb from 'pouchdb'
import memory from 'pouchdb-adapter-memory'

const script = createRequire(import.meta.url).resolve('pouchdb/dist/pouchdb.indexeddb.min.js')
const core = createRequire(import.meta.url).resolve('pouchdb/dist/pouchdb.min.js')
const Database = pouchdb.plugin(memory).defaults({ adapter: 'memory' })
const app = express()
app.get('/health', (_request, response) => response.send('ok'))
app.get('/page', (_request, response) =>
  response.type('html').send('<!doctype html><script src="/core.js"></script><script src="/indexeddb.js"></script>'),
)
app.get('/core.js', (_request, response) => response.type('js').send(readFileSync(core)))
app.get('/indexeddb.js', (_request, response) => response.type('js').send(readFileSync(script)))
app.use('/db', expressPouchdb(Database, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: '/dev/null' }))
app.listen(Number(process.env.PORT), '127.0.0.1')
