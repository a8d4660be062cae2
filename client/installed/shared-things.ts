import { type SharedThing, withWorkerDatabase } from './worker-database.ts'

/** Keeps something that was shared until the page has taken it. */
export async function keepShared(thing: SharedThing): Promise<void> {
  await withWorkerDatabase(database => database.put('shares', thing))
}

/** What waits to be taken, oldest first. */
export async function readShared(): Promise<readonly SharedThing[]> {
  return withWorkerDatabase<readonly SharedThing[]>(database => database.getAll('shares'), { result: [] })
}

/** Forgets what has been taken. */
export async function dropShared(ids: readonly string[]): Promise<void> {
  await withWorkerDatabase(async database => {
    const transaction = database.transaction('shares', 'readwrite')
    await Promise.all([...ids.map(id => transaction.store.delete(id)), transaction.done])
  })
}
