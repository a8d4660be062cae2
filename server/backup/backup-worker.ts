import { workerData } from 'node:worker_threads'
import * as v from 'valibot'
import { backUp } from './backup.ts'

/** Copies and checks the database in a thread of its own: both would stop the server for as long as they take. */
await backUp(v.parse(v.object({ databasePath: v.string(), file: v.string() }), workerData))
