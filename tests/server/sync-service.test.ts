import { beforeEach, describe, expect, test } from 'vitest'
import type { FeedRow, SyncRequest } from '#shared/wire/sync.ts'
import { openDatabase, type Sqlite } from '../../server/database/open-database.ts'
import { iterateMessages } from '../../server/sync/feed-store.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import {
  type Body,
  conversation,
  createSyncCore,
  Device,
  pageOf,
  prompt,
  rowsOf,
  type SyncCore,
  setFields,
} from '../helpers/sync-core.ts'

let core: SyncCore
let device: Device

beforeEach(() => {
  core = createSyncCore()
  device = new Device(core)
})

const newChat = (title = 'A chat'): Body => conversation(core.newId(), 100, { title })
const titles = () => core.rows('conversations').map(row => row['title'])

describe('R3: each mutation counts once', () => {
  test('a new device starts from nothing and is told where it stands', () => {
    const { rows, trailer } = device.take(device.send(device.request()))

    expect(rows).toEqual([])
    expect(trailer).toEqual({
      end: 'sync',
      epoch: core.sync.epoch(),
      now: core.clock.now,
      ack: [0, ''],
      results: [],
      from: 0,
      next: [0, ''],
      head: 0,
      more: false,
    })
  })

  test('is acknowledged with its id, in the reply that brings its row', () => {
    const [mutation] = device.make(newChat())

    const { rows, trailer } = device.take(device.send(device.request(mutation ? [mutation] : [])))

    expect(trailer.ack).toEqual([1, mutation?.mid])
    expect(rows).toHaveLength(1)
    expect(trailer).toMatchObject({ from: 0, head: 1, more: false })
    expect(trailer.next).toEqual([1, core.rows('history')[0]?.['nonce']])
  })

  test('pushed again after a lost reply changes nothing, and is acknowledged', () => {
    const muts = device.make(newChat('One'), newChat('Two'))
    device.send(device.request(muts))
    const before = core.writer.head()

    device.deliver(muts)

    expect(titles()).toEqual(['One', 'Two'])
    expect([core.writer.head(), device.ackN]).toEqual([before, 2])
  })

  test('pushed again together with a new one applies the new one alone', () => {
    const [first, second] = device.make(newChat('One'), newChat('Two'))
    if (!first || !second) throw new Error('No mutations')
    device.send(device.request([first]))

    device.deliver([first, second])

    expect(titles()).toEqual(['One', 'Two'])
  })

  test.each([
    ['ahead of the first', [2]],
    ['with a hole', [1, 3]],
    ['out of order', [2, 1]],
    ['twice in one push', [1, 1]],
  ])('numbered %s is a gap, and nothing is applied', (_, numbers) => {
    const muts = numbers.map(n => ({ ...newChat(), n, mid: core.newId(), schema: 1 }))

    expect(device.send(device.request(muts))).toEqual({ kind: 'gap' })
    expect([core.rows('conversations'), core.rows('devices'), core.rows('device_mutations')]).toEqual([[], [], []])
  })

  test('of a copied device is told from the original by its id', () => {
    device.push({ op: 'noop' })
    const copy = { ...device.request(), muts: [{ op: 'noop' as const, n: 1, mid: core.newId(), schema: 1 }] }

    expect(device.send(copy)).toEqual({ kind: 'device-cloned' })
  })

  test('of a copied device that has fallen behind what is kept is told too', () => {
    for (let batch = 0; batch < 4; batch++) device.push(...Array.from({ length: 150 }, (): Body => ({ op: 'noop' })))
    expect(core.rows('device_mutations')).toHaveLength(512)
    const [newest] = core.rows('device_mutations').slice(-1)

    const old = { op: 'noop' as const, n: 88, mid: core.newId(), schema: 1 }
    expect(device.send(device.request([old]))).toEqual({ kind: 'device-cloned' })
    expect(pageOf(device.send(device.request())).trailer.ack).toEqual([600, newest?.['mid']])
  })

  test('is applied with all others of its push, or not at all when the disk is full', () => {
    device.push(newChat('Before'))
    core.sqlite.pragma(`max_page_count = ${core.sqlite.pragma('page_count', { simple: true })}`)
    const id = core.newId()
    const big = device.make(conversation(id, 1), prompt(core.newId(), id, 2, { content: 'x'.repeat(400_000) }))

    expect(() => device.send(device.request(big))).toThrow(expect.objectContaining({ code: 'disk-full' }))

    expect(titles()).toEqual(['Before'])
    expect(pageOf(device.send(device.request())).trailer.ack[0]).toBe(1)
    core.sqlite.pragma('max_page_count = 1000000')
    expect(device.deliver(big)).toEqual([])
  })
})

describe('versions', () => {
  test.each([
    [2, 'schema-too-new'],
    [0, 'upgrade-required'],
  ] as const)('a device of version %i is told %s and keeps its queue', (schema, kind) => {
    expect(device.send(device.request(device.make(newChat()), { schema }))).toEqual({ kind })
    expect(core.rows('conversations')).toEqual([])
  })

  test('a mutation that was queued by an older version is taken', () => {
    const muts = device.make(newChat('Old')).map(mutation => ({ ...mutation, schema: 0 }))

    expect(device.deliver(muts)).toEqual([])
    expect(titles()).toEqual(['Old'])
  })
})

describe('R10: another history', () => {
  test('a server keeps its epoch over a restart', () => {
    expect(createSyncCore({ sqlite: core.sqlite, seed: 2 }).sync.epoch()).toBe(core.sync.epoch())
  })

  test('a device of another epoch is told the current one, and its push is not touched', () => {
    const epoch = core.newId()
    const current = core.sync.epoch()

    const reply = device.send(device.request(device.make(newChat()), { epoch }))

    expect(reply).toEqual({ kind: 'fork', epoch: current, policy: 'merge' })
    expect([core.rows('conversations'), core.rows('epochs')]).toEqual([[], [expect.anything()]])
  })

  test.each<[what: string, claim: (known: SyncRequest) => Partial<SyncRequest>]>([
    ['a cursor beyond the head', ({ cursor }) => ({ cursor: [(cursor?.[0] ?? 0) + 1, 'x'] })],
    ['another nonce at the cursor', ({ cursor }) => ({ cursor: [cursor?.[0] ?? 0, 'x'] })],
    ['a nonce at the very beginning', () => ({ cursor: [0, 'x'] })],
    ['an acknowledgement that was never given', ({ ack_n }) => ({ ack_n: ack_n + 1 })],
  ])('%s proves a rollback: a new epoch begins, for everybody', (_, claim) => {
    const other = new Device(core)
    device.push(newChat('Kept'))
    other.push()
    const known = device.request(device.make(newChat('Not yet')))

    const reply = device.send({ ...known, ...claim(known) })

    expect(reply).toEqual({ kind: 'fork', epoch: core.sync.epoch(), policy: 'merge' })
    expect(core.sync.epoch()).not.toBe(known.epoch)
    expect(other.send(other.request()).kind).toBe('fork')
    expect(titles()).toEqual(['Kept'])
  })

  test('a cursor in the middle of a transaction has the nonce of that transaction', () => {
    device.push(newChat(), newChat(), newChat())
    const reader = new Device(core)

    const first = pageOf(reader.send(reader.request([], { limit: 1 })))
    reader.take({ kind: 'page', lines: [], trailer: first.trailer })
    const second = pageOf(reader.send(reader.request([], { limit: 1 })))

    expect([first.trailer.next[0], second.trailer.next[0]]).toEqual([1, 2])
    expect(first.trailer.next[1]).toBe(second.trailer.next[1])
    expect(core.rows('epochs')).toHaveLength(1)
  })

  test('a database that was put back and has grown again is found out by the nonce', () => {
    device.push(newChat('Shared'))
    const backup = core.sqlite.serialize()
    device.push(newChat('Lost'))
    const restored = createSyncCore({ sqlite: fromBytes(backup), seed: 3 })
    new Device(restored).push(newChat('Since'), newChat('Since too'))

    const reply = restored.sync.sync(1, device.request())

    expect(reply).toEqual({ kind: 'fork', epoch: restored.sync.epoch(), policy: 'merge' })
    expect(restored.rows('epochs')).toHaveLength(2)
  })

  test('a device that was told to replace is told so also after a further rollback', () => {
    device.push(newChat())
    const known = device.request()
    const insert = core.sqlite.prepare('INSERT INTO epochs (id, policy, minted_at) VALUES (?, ?, 1)')
    insert.run('restored', 'replace')
    insert.run('rolled-back', 'merge')

    expect(device.send(known)).toEqual({ kind: 'fork', epoch: 'rolled-back', policy: 'replace' })
    expect(device.send({ ...known, epoch: 'restored' })).toMatchObject({ policy: 'merge' })
    expect(device.send({ ...known, epoch: 'never heard of' })).toMatchObject({ policy: 'merge' })
  })

  test('a position without its epoch is refused', () => {
    const wrong = expect.objectContaining({ code: 'bad-request', field: 'epoch' })

    expect(() => device.send(device.request([], { epoch: null, cursor: [0, ''] }))).toThrow(wrong)
    expect(() => device.send(device.request([], { epoch: null, ack_n: 1 }))).toThrow(wrong)
  })

  function fromBytes(bytes: Buffer) {
    const sqlite = openDatabase(':memory:', { migrations: [] })
    sqlite.close()
    return new (sqlite.constructor as new (data: Buffer) => typeof sqlite)(bytes)
  }
})

describe('R9: the feed', () => {
  test('holds a row once, as it is now, however often it changed', () => {
    const id = core.newId()
    device.push(conversation(id, 1, { title: 'First' }))
    for (let edit = 0; edit < 10; edit++) {
      device.push(setFields('conversations', id, { title: `Edit ${edit}` }, [100 + edit, 'x']))
    }
    const reader = new Device(core)

    const { rows } = reader.take(reader.send(reader.request()))

    expect(rows.map(row => row[5]['title'])).toEqual(['Edit 9'])
  })

  test('holds the ledger, which nobody can write', () => {
    core.writer.write(({ sqlite, nextRev }) =>
      sqlite
        .prepare(
          `INSERT INTO usage_logs (id, user_id, rev, run_id, attempt, conversation_id, message_id, provider, model, outcome,
           tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, cost_nanousd, price_state,
           price_lines, raw_usage, timestamp)
           VALUES ('u', 1, ?, 'r', 1, 'c', 'm', 'openai', 'openai/x', 'complete', 1, 2, 3, 4, 5, 6, 'reported', ?, ?, 7)`,
        )
        .run(nextRev(), '[{"bucket":"input","count":1,"unit_picousd":"1"}]', '{"a":{"b":"\\u2028 \\" é"}}'),
    )

    device.push()

    expect(device.row('usage_logs', 'u')).toEqual([
      'usage_logs',
      'u',
      1,
      'c',
      0,
      {
        run_id: 'r',
        attempt: 1,
        conversation_id: 'c',
        message_id: 'm',
        device_id: null,
        provider: 'openai',
        model: 'openai/x',
        served_model: null,
        outcome: 'complete',
        tokens_input: 1,
        tokens_output: 2,
        tokens_cache_read: 3,
        tokens_cache_write: 4,
        tokens_reasoning: 5,
        cost_nanousd: 6,
        price_state: 'reported',
        price_version: null,
        price_lines: [{ bucket: 'input', count: 1, unit_picousd: '1' }],
        raw_usage: { a: { b: '\u2028 " é' } },
        provider_request_id: null,
        timestamp: 7,
      },
      {},
    ])
  })

  test('carries every character unchanged, one row a line', () => {
    const id = core.newId()
    const content = 'a"b\\c\n\r\t\u2028\u2029\u0001\u007f😀 </script> \ufeff 日本'

    device.push(conversation(id, 1), prompt('01a20000-0000-7000-8000-000000000009', id, 2, { content }))

    expect(device.fields('messages', '01a20000-0000-7000-8000-000000000009')?.['content']).toBe(content)
  })

  test('ends a page early where the rows are long', () => {
    const id = core.newId()
    const texts = Array.from({ length: 6 }, () => prompt(core.newId(), id, 2, { content: 'x'.repeat(600_000) }))
    device.push(conversation(id, 1), ...texts)
    const reader = new Device(core)

    const { rows, trailer } = reader.take(reader.send(reader.request()))

    expect([rows.length, trailer.more]).toEqual([5, true])
    reader.push()
    expect(reader.seen.size).toBe(7)
  })

  test('costs a device that knows all of it one look, and no write', () => {
    device.push(newChat())
    const changes = () => core.sqlite.prepare('SELECT total_changes()').pluck().get()
    const before = changes()

    const { rows } = device.take(device.send(device.request()))

    expect([rows, changes()]).toEqual([[], before])
  })

  test('notes a device that only reads once an hour', () => {
    device.push(newChat())
    core.clock.now += 60 * 60 * 1000 + 1

    device.push()

    expect(core.rows('devices')[0]).toMatchObject({ id: device.id, user_id: 1, last_n: 1, seen_at: core.clock.now })
  })

  test.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'in pages equals the tables, whatever the pages: seed %i',
    seed => {
      const random = seededRandom(seed)
      const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
      const chats: string[] = []
      const messages: string[] = []
      const devices = [device, new Device(core), new Device(core)]
      const readers = [1, 2, 3, 500].map(limit => ({ limit, reader: new Device(core) }))
      const steps: readonly (() => Body)[] = [
        () => {
          chats.push(core.newId())
          return conversation(chats.at(-1) ?? '', core.clock.now)
        },
        () => {
          messages.push(core.newId())
          return prompt(messages.at(-1) ?? '', pick(chats), core.clock.now)
        },
        () =>
          setFields('conversations', pick(chats), { [pick(['title', 'tags/a'])]: pick([true, 'x']) }, [
            core.clock.now,
            'x',
          ]),
        () => setFields('messages', pick(messages), { deleted_at: core.clock.now }, [core.clock.now, 'x']),
        () => ({ op: 'purge', kind: pick(['conversations', 'messages'] as const), id: pick([...chats, ...messages]) }),
        () => ({
          op: 'put',
          kind: 'settings',
          id: pick(['a', 'b']),
          set: { value: [random(), [core.clock.now, 'x']], created_at: [1, [1, 'x']] },
        }),
      ]
      device.push(steps[0]?.() ?? { op: 'noop' }, steps[1]?.() ?? { op: 'noop' })
      for (let step = 0; step < 120; step++) {
        core.clock.now += Math.floor(random() * 5)
        pick(devices).push(...Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(steps)()))
        const { limit, reader } = pick(readers)
        reader.take(reader.send(reader.request([], { limit })))
      }

      for (const { limit, reader } of readers) {
        while (reader.take(reader.send(reader.request([], { limit }))).trailer.more);
        expect(new Map([...reader.seen].sort())).toEqual(new Map(dump().sort()))
        expect(reader.cursor?.[0]).toBe(core.writer.head())
      }
    },
  )

  /** The tables read the simple way. */
  function dump(): [string, FeedRow][] {
    const JSON_COLUMNS = new Set(['params', 'tags', 'attachments', 'citations', 'error', 'value'])
    const HIDDEN = new Set(['id', 'user_id', 'rev', 'at', 'purged'])
    return (['conversations', 'messages', 'settings'] as const).flatMap(kind =>
      core.rows(kind).map((row): [string, FeedRow] => {
        const { id, rev, purged, at } = row as { id: string; rev: number; purged: number; at: string }
        const fields = Object.entries(row)
          .filter(([column]) => !HIDDEN.has(column) && !(kind === 'conversations' && column === 'device_id'))
          .map(([column, value]) => [
            column,
            JSON_COLUMNS.has(column) && value !== null ? JSON.parse(String(value)) : value,
          ])
        const place = kind === 'messages' ? String(row['conversation_id']) : null
        return [
          `${kind} ${id}`,
          purged
            ? [kind, id, rev, place, 1, {}, {}]
            : [kind, id, rev, place, 0, Object.fromEntries(fields), JSON.parse(at)],
        ]
      }),
    )
  }
})

describe('the first load', () => {
  const ids = (rows: readonly FeedRow[]) => rows.map(row => row[1])

  test('begins with where the feed stands and how much there is', () => {
    const [kept, gone] = [core.newId(), core.newId()]
    device.push(
      conversation(kept, 1),
      conversation(gone, 2),
      prompt(core.newId(), kept, 3),
      prompt(core.newId(), gone, 3),
      { op: 'purge', kind: 'conversations', id: gone },
    )
    new Device(core, 2).push(newChat())

    expect(core.sync.boot(1)).toEqual({
      epoch: core.sync.epoch(),
      now: core.clock.now,
      head: [core.writer.head(), core.rows('history').at(-1)?.['nonce']],
      conversations: 1,
      messages: 1,
    })
  })

  test.each([1, 2, 3, 5, 100])('lists conversations newest first over pages of %i, without purged ones', limit => {
    const made = Array.from({ length: 7 }, (_, index) => ({ id: core.newId(), at: 100 + (index % 3) }))
    device.push(...made.map(({ id, at }) => conversation(id, at)))
    const purged = made.pop()?.id ?? ''
    const trashed = made[0]?.id ?? ''
    device.push(
      { op: 'purge', kind: 'conversations', id: purged },
      setFields('conversations', trashed, { deleted_at: 5 }, [200, 'x']),
    )
    new Device(core, 2).push(newChat())

    const seen: string[] = []
    for (let before: string | null = null, more = true; more; more = before !== null) {
      const page = rowsOf(core.sync.rows(1, 'conversations', { limit, before }))
      seen.push(...ids(page.rows))
      before = page.trailer.before
    }

    const expected = made.toSorted((left, right) => right.at - left.at || (left.id < right.id ? 1 : -1))
    expect(seen).toEqual(expected.map(({ id }) => id))
  })

  test.each(['personas', 'settings', 'attachments', 'usage_logs'] as const)('lists %s in pages', kind => {
    const columns = {
      personas: { name: 'x', created_at: 1 },
      settings: { value: 1, created_at: 1 },
      attachments: { sha256: 'a'.repeat(64), name: 'x', media_type: 'a/b', bytes: 1, created_at: 1 },
      usage_logs: null,
    }[kind]
    const made = Array.from({ length: 5 }, (_, index) => (kind === 'settings' ? `name.${index}` : core.newId()))
    if (columns && kind !== 'usage_logs') {
      const set = Object.fromEntries(Object.entries(columns).map(([field, value]) => [field, [value, [1, 'x']]]))
      device.push(...made.map((id): Body => ({ op: 'put', kind, id, set: set as Extract<Body, { op: 'put' }>['set'] })))
    } else {
      const insert = core.sqlite.prepare(
        `INSERT INTO usage_logs (id, user_id, rev, run_id, attempt, conversation_id, message_id, provider, model, outcome,
         tokens_input, tokens_output, tokens_cache_read, tokens_cache_write, tokens_reasoning, price_state, timestamp)
         VALUES (?, 1, ?, ?, 1, 'c', 'm', 'p', 'p/m', 'complete', 0, 0, 0, 0, 0, 'unpriced', 1)`,
      )
      for (const id of made) core.writer.write(({ nextRev }) => insert.run(id, nextRev(), id))
    }

    const first = rowsOf(core.sync.rows(1, kind, { limit: 3, before: null }))
    const second = rowsOf(core.sync.rows(1, kind, { limit: 3, before: first.trailer.before }))

    expect([...ids(first.rows), ...ids(second.rows)]).toEqual(made.toReversed())
    expect(second.trailer.before).toBeNull()
    expect(rowsOf(core.sync.rows(2, kind, { limit: 3, before: null })).rows).toEqual([])
  })

  describe('of messages', () => {
    let chats: readonly string[]
    let messages: readonly (readonly string[])[]

    beforeEach(() => {
      chats = [core.newId(), core.newId(), core.newId()]
      messages = chats.map((_, index) => Array.from({ length: index * 2 }, () => core.newId()).sort())
      device.push(
        ...chats.map(id => conversation(id, 1)),
        ...chats.flatMap((chat, index) =>
          (messages[index] ?? []).map(id => prompt(id, chat, 2, { content: 'x'.repeat(300_000) })),
        ),
      )
    })

    test('brings all of the conversations asked for, page by page, each once', () => {
      const seen: string[] = []
      let waiting = [...chats].reverse()
      let after: readonly [string, string] | null = null
      let pages = 0
      while (waiting.length > 0) {
        const page = rowsOf(core.sync.messageRows(1, { conversations: waiting, after }))
        seen.push(...ids(page.rows))
        waiting = waiting.filter(id => !page.trailer.done.includes(id))
        after = page.trailer.after
        pages++
      }

      expect(seen).toEqual([...messages].reverse().flat())
      expect(pages).toBe(2)
    })

    test('goes on behind a message that was named', () => {
      const [, , last] = chats
      const [, second] = messages[2] ?? []
      if (!last || !second) throw new Error('No messages')

      const page = rowsOf(core.sync.messageRows(1, { conversations: [last], after: [last, second] }))

      expect(ids(page.rows)).toEqual(messages[2]?.slice(2))
      expect(page.trailer).toMatchObject({ done: [last], after: null, before: null })
    })

    test('leaves out what is purged, keeps what is in the trash, and has nothing of what is not there', () => {
      const [, , last] = chats
      const [first, second, ...rest] = messages[2] ?? []
      if (!last || !first || !second) throw new Error('No messages')
      device.push(
        { op: 'purge', kind: 'messages', id: first },
        setFields('messages', second, { deleted_at: 5 }, [9, 'x']),
      )
      const nowhere = core.newId()

      const page = rowsOf(core.sync.messageRows(1, { conversations: [nowhere, last], after: null }))

      expect(ids(page.rows)).toEqual([second, ...rest])
      expect(page.trailer.done).toEqual([nowhere, last])
    })

    test('reads each conversation along its own index, however many messages the user has', () => {
      const looked: string[] = []
      const prepare = (text: string) => {
        looked.push(text)
        return core.sqlite.prepare(text)
      }
      Array.from(iterateMessages({ prepare } as unknown as Sqlite, 1, chats[1] ?? '', null))

      const plan = core.sqlite.prepare(`EXPLAIN QUERY PLAN ${looked[0]}`).all('x', 1, '')

      expect(plan).toEqual([
        expect.objectContaining({ detail: 'SEARCH messages USING INDEX messages_conversation (conversation_id=?)' }),
        expect.objectContaining({ detail: 'USE TEMP B-TREE FOR ORDER BY' }),
      ])
    })

    test('never brings another user’s', () => {
      const page = rowsOf(core.sync.messageRows(2, { conversations: chats, after: null }))

      expect([page.rows, page.trailer.done]).toEqual([[], chats])
    })
  })

  test('together with the feed from where it began misses nothing that changes meanwhile', () => {
    const id = core.newId()
    const message = core.newId()
    device.push(conversation(id, 1, { title: 'Before' }), prompt(message, id, 2))
    const fresh = new Device(core)
    const boot = core.sync.boot(1)
    fresh.epoch = boot.epoch
    fresh.cursor = boot.head
    const stale = rowsOf(core.sync.rows(1, 'conversations', { limit: 10, before: null }))
    device.push(setFields('conversations', id, { title: 'After' }, [5, 'x']), {
      op: 'purge',
      kind: 'messages',
      id: message,
    })

    fresh.push()

    expect(fresh.fields('conversations', id)?.['title']).toBe('After')
    expect(fresh.row('messages', message)?.[4]).toBe(1)
    expect(fresh.row('conversations', id)?.[2]).toBeGreaterThan(stale.rows[0]?.[2] ?? 0)
  })
})
