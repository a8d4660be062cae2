import type { MemoryStore } from '../../client/database/memory-store.ts'
import type { SyncTables } from '../../client/sync/sync-store.ts'

/** Breaks R2 on purpose: each request is a transaction of its own. */
export function tornStore(store: MemoryStore): MemoryStore {
  return {
    ...store,
    transaction: (mode, work) => {
      const tables = new Proxy<Record<string, unknown>>(
        {},
        {
          get: (_, table: keyof SyncTables) =>
            new Proxy(
              {},
              {
                get:
                  (__, method) =>
                  (...options: readonly unknown[]) =>
                    store.transaction(mode, whole => Reflect.get(whole[table], method)(...options)),
              },
            ),
        },
      )
      return work(tables as unknown as SyncTables)
    },
  }
}
