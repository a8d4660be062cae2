import { AppError } from '#shared/errors.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import { readMeta } from '../../../client/sync/sync-meta.ts'
import type { StoredMutation, SyncStore, SyncTables } from '../../../client/sync/sync-store.ts'

/** One promise of a sync store. `check` gets an empty store, and throws when the promise is not kept: it runs in a page too. */
export type StoreCase = { readonly name: string; readonly check: (store: SyncStore) => Promise<void> }

/** What every sync store promises, whatever it keeps its rows in. */
export const STORE_CONTRACT: readonly StoreCase[] = [
  {
    name: 'gives back what was written, in the order asked for',
    check: async store => {
      await store.transaction('write', tables => tables.conversations.putMany([row('b'), row('a')]))

      const found = await store.transaction('read', async tables => [
        await tables.conversations.get('a'),
        ...(await tables.conversations.getMany(['b', 'none', 'a'])),
      ])

      same(found, [row('a'), row('b'), undefined, row('a')])
    },
  },
  {
    name: 'sees its own writes before they are committed',
    check: async store => {
      const seen = await store.transaction('durable-write', async tables => {
        await tables.mut.put(mutation(1))
        await tables.mut.put({ ...mutation(1), sent: true })
        return [(await tables.mut.get(1))?.sent, await tables.mut.count()]
      })

      same(seen, [true, 1])
    },
  },
  {
    name: 'rolls all of it back when the work throws',
    check: async store => {
      const error = await errorOf(
        store.transaction('durable-write', async tables => {
          await tables.conversations.put(row('a'))
          await tables.mut.put(mutation(1))
          throw new AppError('conflict', 'Not today.')
        }),
      )

      same(codeOf(error), 'conflict')
      same(await counts(store), [0, 0])
    },
  },
  {
    name: 'refuses to write in a transaction that reads',
    check: async store => {
      const error = await errorOf(store.transaction('read', tables => tables.conversations.put(row('a'))))

      same(codeOf(error), 'internal')
      same(await counts(store), [0, 0])
    },
  },
  {
    name: 'commits and refuses further use when something else is awaited',
    check: async store => {
      const error = await errorOf(
        store.transaction('write', async tables => {
          await tables.conversations.put(row('a'))
          await new Promise(resolve => void setTimeout(resolve, 30))
          await tables.mut.put(mutation(1))
        }),
      )

      same(codeOf(error), 'internal')
      same(await counts(store), [1, 0])
    },
  },
  {
    name: 'does one writing transaction after another',
    check: async store => {
      const addOne = (tables: SyncTables) =>
        tables.mut.get(1).then(known => tables.mut.put({ ...mutation(1), made_at: (known?.made_at ?? 0) + 1 }))

      await Promise.all(Array.from({ length: 20 }, () => store.transaction('write', addOne)))

      same(await store.transaction('read', async tables => (await tables.mut.get(1))?.made_at), 20)
    },
  },
  {
    name: 'reads a range in the order of its keys, without its lower end and with its upper',
    check: async store => {
      await store.transaction('write', tables => tables.mut.putMany([10, -1, 9, 2, 1].map(mutation)))

      const ranges = await store.transaction('read', async tables => [
        await tables.mut.range({}),
        await tables.mut.range({ after: 1 }),
        await tables.mut.range({ upTo: 2 }),
        await tables.mut.range({ after: -1, upTo: 9, limit: 2 }),
        await tables.mut.range({ after: 9, upTo: 9 }),
        await tables.mut.range({ after: 10, upTo: 2 }),
        await tables.mut.range({ limit: 0 }),
      ])

      const numbers = ranges.map(range => range.map(({ n }) => n))
      same(numbers, [[-1, 1, 2, 9, 10], [2, 9, 10], [-1, 1, 2], [1, 2], [], [], []])
    },
  },
  {
    name: 'sorts keys of several parts part by part',
    check: async store => {
      const keys = [
        ['b', 'a'],
        ['a', 'b'],
        ['ab', 'a'],
        ['a', 'a'],
      ] as const
      await store.transaction('write', tables => tables.messages.putMany(keys.map(([conv, id]) => message(conv, id))))

      const found = await store.transaction('read', async tables => [
        await tables.messages.range({}),
        await tables.messages.range({ after: ['a', ''], upTo: ['a', '\uffff'] }),
      ])

      const names = found.map(rows => rows.map(({ conversation_id, id }) => `${conversation_id}/${id}`))
      same(names, [
        ['a/a', 'a/b', 'ab/a', 'b/a'],
        ['a/a', 'a/b'],
      ])
    },
  },
  {
    name: 'deletes keys and ranges, and counts what is left',
    check: async store => {
      const left = await store.transaction('write', async tables => {
        await tables.mut.putMany([1, 2, 3, 4, 5].map(mutation))
        await tables.mut.delete([1, 77])
        await tables.mut.deleteRange({ after: 2, upTo: 4 })
        await tables.mut.deleteRange({ after: 9, upTo: 3 })
        return [
          (await tables.mut.range({})).map(({ n }) => n),
          await tables.mut.count(),
          await tables.mut.count({ after: 2 }),
        ]
      })

      same(left, [[2, 5], 2, 1])
    },
  },
  {
    name: 'puts itself aside for the device it belongs to, and for no other',
    check: async store => {
      await putMeta(store, 'mine')
      await store.transaction('write', async tables => {
        await tables.conversations.put(row('a'))
        await tables.mut.put(mutation(1))
      })

      await store.putAside('another')
      const before = await counts(store)
      await store.putAside('mine')
      const after = await counts(store)
      const device = await store.transaction('read', tables => tables.meta.get('sync'))

      same([before, after, device], [[1, 1], [0, 0], undefined])
    },
  },
]

function row(id: string): SyncRow {
  return { id, rev: 1, era: 0, at: { title: [5, 'd'] }, purged: false, title: `Title ${id}`, params: { nested: [1] } }
}

function message(conversation_id: string, id: string): SyncRow {
  return { ...row(id), conversation_id }
}

function mutation(n: number): StoredMutation {
  const body = { op: 'noop' } as const
  return {
    n,
    mid: `m${n}`,
    schema: 1,
    body,
    row: null,
    origin: 'user',
    sent: false,
    acked: null,
    result: null,
    made_at: 0,
  }
}

/** What a device that has just begun knows of itself. */
export async function putMeta(store: SyncStore, device: string): Promise<void> {
  const context = {
    store,
    clock: { now: () => 1 },
    randomBytes: (length: number) => new Uint8Array(length),
    rules: DEVICE_RULES,
  }
  await store.transaction('write', async tables => tables.meta.put({ ...(await readMeta(tables, context)), device }))
}

/** Conversations and mutations. */
function counts(store: SyncStore): Promise<readonly number[]> {
  return store.transaction('read', async tables => [await tables.conversations.count(), await tables.mut.count()])
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown')
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : String(error)
}

function same(actual: unknown, expected: unknown): void {
  const [is, should] = [textOf(actual), textOf(expected)]
  if (is !== should) throw new Error(`Expected ${should}, got ${is}`)
}

/** The same for the same content: what is undefined shows, and the order of fields does not. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === undefined) return 'undefined'
    const isRecord = typeof part === 'object' && part !== null && !Array.isArray(part)
    return isRecord ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1))) : part
  })
}
