import { request as httpRequest } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import BetterSqlite3 from 'better-sqlite3'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import { bootSchema, type FeedRow, parseRowsPage, parseSyncPage, type SyncTrailer } from '#shared/wire/sync.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { contentHash } from '../helpers/content-hash.ts'
import { readEvents, readRun, type SeenEvent } from '../helpers/read-run.ts'
import { type Replay, startReplay } from '../helpers/replay.ts'
import { type Body, conversation, prompt, setFields } from '../helpers/sync-core.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { findRecordings } from '../providers/recordings.ts'

const MODEL = 'replay/fixture:openai-samples/chat-plain'
const DEVICE = '01a20000-0000-7000-8000-0000000000d1'
const DAY_MS = 24 * 60 * 60 * 1000

let now: number
let replay: Replay
let server: TestServer
let lastN: number
let position: Pick<SyncTrailer, 'epoch' | 'next'> | null

beforeEach(async () => {
  now = Date.UTC(2026, 10, 23)
  lastN = 0
  position = null
  replay = await startReplay(findRecordings('openai-samples'))
  server = await startTestServer({
    clock: { now: () => now },
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
})

afterEach(async () => {
  await server.close()
  await replay.close()
})

const newId = () => makeId(now, length => crypto.getRandomValues(new Uint8Array(length)))
const asked = () => replay.calls.filter(call => call.body !== null)

function requestOf(bodies: readonly Body[], fields: object = {}) {
  const muts = bodies.map(body => ({ ...body, n: ++lastN, mid: newId(), schema: 1 }))
  return {
    v: 1,
    schema: 1,
    device: DEVICE,
    epoch: position?.epoch ?? null,
    cursor: position?.next ?? null,
    ack_n: 0,
    muts,
    limit: 500,
    ...fields,
  }
}

async function send(request: object): Promise<{ rows: readonly FeedRow[]; trailer: SyncTrailer }> {
  const answer = await server.request('/api/sync', { body: request })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8'])
  const page = parseSyncPage(await answer.text())
  if (!page) throw new Error('The page cannot be read')
  position = { epoch: page.trailer.epoch, next: page.trailer.next }
  return page
}

const push = (...bodies: readonly Body[]) => send(requestOf(bodies))

/** Waits for what the server does after it has answered. */
async function until<Found>(look: () => Promise<Found | undefined | false>): Promise<Found> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const found = await look()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('It never came')
}

function askFor(chat: string, fields: object = {}) {
  const [question, answer, run] = [newId(), newId(), newId()]
  const start: Body = {
    op: 'run.start',
    id: run,
    conversation_id: chat,
    user_message_id: question,
    message_id: answer,
    model: MODEL,
    created_at: now,
    ...fields,
  }
  return { question, answer, run, start }
}

describe('over HTTP', () => {
  test('a push comes back as a page, and as what the plain calls show', async () => {
    const id = newId()

    const { rows, trailer } = await push(conversation(id, now, { title: 'From afar', 'tags/a': true }))

    expect(rows.map(row => row.slice(0, 5))).toEqual([['conversations', id, 1, null, 0]])
    expect(trailer).toMatchObject({ now, results: [], from: 0, head: 1, more: false })
    const shown = await (await server.request(`/api/conversations/${id}`)).json()
    expect(shown).toMatchObject({ title: 'From afar', tags: ['a'], updated_at: now, messages: [] })
  })

  test('a change by a plain call comes in the feed with clocks of its own', async () => {
    const id = newId()
    await push(conversation(id, now, { title: 'From afar' }))
    now += 1000
    await server.request(`/api/conversations/${id}`, { method: 'PATCH', body: { title: 'By a script', tags: ['x'] } })

    const { rows } = await push()

    expect(rows[0]?.[5]).toMatchObject({ title: 'By a script', tags: ['x'], updated_at: now })
    const clock = [now, 'server']
    expect(rows[0]?.[6]).toMatchObject({ title: clock, 'tags/x': clock, updated_at: clock })
  })

  test('an older edit that comes later does not undo what a plain call or a run changed', async () => {
    const id = newId()
    await push(conversation(id, now))
    now += 1000
    const run = await readRun(
      await server.request('/api/chat/stream', { body: { message: 'Hi', model: MODEL, conversation_id: id } }),
    )
    await server.request(`/api/conversations/${id}`, { method: 'PATCH', body: { title: 'By a script' } })

    const old = [now - 500, 'phone'] as const
    await push(
      setFields('conversations', id, { title: 'Old', model: 'old/model', active_leaf_id: null, updated_at: 5 }, old),
    )

    expect(await (await server.request(`/api/conversations/${id}`)).json()).toMatchObject({
      title: 'By a script',
      model: MODEL,
      active_leaf_id: run.messageId,
      updated_at: now,
    })
  })

  test('an edit made after seeing a plain call’s change wins, whatever the clocks say', async () => {
    const id = newId()
    await push(conversation(id, now))
    now += DAY_MS
    await server.request(`/api/conversations/${id}`, { method: 'PATCH', body: { title: 'By a script' } })
    const { rows } = await push()
    const [seen = 0] = rows[0]?.[6]['title'] ?? []

    await push(setFields('conversations', id, { title: 'Seen and changed' }, [seen + 1, 'phone']))

    expect((await (await server.request(`/api/conversations/${id}`)).json()).title).toBe('Seen and changed')
  })

  test('a message in the trash is not shown, not found and not sent to a model', async () => {
    const id = newId()
    const { question, start } = askFor(id)
    const gone = newId()
    await push(
      conversation(id, now),
      prompt(gone, id, now, { content: 'Zebra secret' }),
      prompt(question, id, now + 1, { parent_id: gone, content: 'And now?' }),
      setFields('messages', gone, { deleted_at: now }, [now + 1, 'phone']),
      start,
    )

    await until(async () => asked().length > 0)
    expect(JSON.stringify(asked()[0]?.body)).toContain('And now?')
    expect(JSON.stringify(asked()[0]?.body)).not.toContain('Zebra')
    expect(await (await server.request('/api/search?q=zebra')).json()).toEqual([])
    const { messages } = await (await server.request(`/api/conversations/${id}`)).json()
    expect(messages.map((message: { id: string }) => message.id)).not.toContain(gone)
  })

  test('a page is compressed when it is worth it and the device can read it', async () => {
    const texts = Array.from({ length: 50 }, () => newId())
    const id = newId()
    await push(conversation(id, now), ...texts.map(text => prompt(text, id, now)))

    const body = JSON.stringify(requestOf([], { epoch: null, cursor: null }))
    const [plain, packed, refused] = await Promise.all([
      rawPost(body, { 'accept-encoding': 'gzip' }),
      rawPost(body, { 'accept-encoding': 'gzip, br' }),
      rawPost(body, { 'accept-encoding': 'br;q=0' }),
    ])
    const small = await rawPost(JSON.stringify(requestOf([])), { 'accept-encoding': 'br' })

    expect([plain, packed, refused, small].map(({ encoding }) => encoding)).toEqual([
      undefined,
      'br',
      undefined,
      undefined,
    ])
    expect(packed.vary).toBe('Accept-Encoding')
    expect(brotliDecompressSync(packed.bytes).toString()).toBe(plain.bytes.toString())
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3)
  })

  test('the first load has its three calls', async () => {
    const id = newId()
    const message = newId()
    await push(conversation(id, now), prompt(message, id, now))

    const boot = v.parse(bootSchema, await (await server.request('/api/sync/boot')).json())
    const chats = parseRowsPage(await (await server.request('/api/sync/rows/conversations?limit=1')).text())
    const texts = parseRowsPage(
      await (await server.request('/api/sync/rows/messages', { body: { conversations: [id] } })).text(),
    )

    expect(boot).toMatchObject({ epoch: position?.epoch, head: position?.next, conversations: 1, messages: 1 })
    expect(chats?.rows.map(row => row[1])).toEqual([id])
    expect(chats?.trailer.before).toBe(`${now}~${id}`)
    const rest = await server.request(`/api/sync/rows/conversations?limit=1&before=${chats?.trailer.before}`)
    expect(parseRowsPage(await rest.text())).toMatchObject({ rows: [], trailer: { before: null } })
    expect(texts).toMatchObject({
      rows: [['messages', message, 2, id, 0, {}, {}]],
      trailer: { done: [id], after: null },
    })
  })

  test('a push of 512 KiB is taken', async () => {
    const id = newId()
    const texts = Array.from({ length: 5 }, () => prompt(newId(), id, now, { content: 'x'.repeat(100_000) }))

    const { rows } = await push(conversation(id, now), ...texts)

    expect(rows).toHaveLength(6)
  })

  test('a fork names the epoch and what to do', async () => {
    await push(conversation(newId(), now))

    const answer = await server.request('/api/sync', { body: requestOf([], { ack_n: 99 }) })

    expect(answer.status).toBe(409)
    expect(await answer.json()).toEqual({
      error: {
        code: 'fork',
        message: 'Your pi was put back from a backup. This device brings back what it still holds.',
        retryable: false,
      },
      epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
      policy: 'merge',
    })
  })

  test('mutations that cannot be read are answered and do not hold up what follows', async () => {
    const id = newId()
    const request = requestOf([{ op: 'noop' }, { op: 'noop' }, { op: 'noop' }, conversation(id, now)])
    const [first, second, third, last] = request.muts
    const wrong = { ...second, op: 'run.start', id: newId(), model: 'no provider' }

    const { trailer } = await send({
      ...request,
      muts: [{ ...first, op: 'teleport' }, wrong, { ...third, extra: 1 }, last],
    })

    expect(trailer.results).toEqual([1, 2, 3].map(n => ({ n, result: 'invalid' })))
    expect((await server.request(`/api/conversations/${id}`)).status).toBe(200)
  })

  type RawAnswer = { readonly encoding: string | undefined; readonly vary: string | undefined; readonly bytes: Buffer }

  /** Node's fetch unpacks by itself. */
  function rawPost(body: string, headers: Readonly<Record<string, string>>): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
      const request = httpRequest(`${server.url}/api/sync`, options, answer => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('end', () =>
          resolve({
            encoding: answer.headers['content-encoding'],
            vary: answer.headers['vary'],
            bytes: Buffer.concat(pieces),
          }),
        )
      })
      request.on('error', reject)
      request.end(body)
    })
  }
})

describe('a run that is pushed', () => {
  test('is answered, and the answer and its bill come in the feed', async () => {
    const id = newId()
    const { question, answer, run, start } = askFor(id)

    await push(conversation(id, now), prompt(question, id, now), start)
    const seen = await readRun(await server.request(`/api/runs/${run}/events`))
    const { rows } = await push()

    expect(seen.message?.status).toBe('complete')
    const message = rows.find(row => row[1] === answer)
    expect(message?.[5]).toMatchObject({ content: seen.text, status: 'complete', run_id: run, conversation_id: id })
    const [bill] = rows.filter(row => row[0] === 'usage_logs')
    expect(bill?.[5]).toMatchObject({ run_id: run, message_id: answer, device_id: DEVICE, outcome: 'complete' })
    expect(asked()).toHaveLength(1)
  })

  test('again after a lost reply, and after a restart, is asked once', async () => {
    const id = newId()
    const { question, run, start } = askFor(id)
    const request = requestOf([conversation(id, now), prompt(question, id, now), start])
    await Promise.all([1, 2, 3].map(() => server.request('/api/sync', { body: request })))
    await readRun(await server.request(`/api/runs/${run}/events`))
    await restart()

    const { trailer } = await send(request)

    expect(trailer.results).toEqual([])
    expect(asked()).toHaveLength(1)
  })

  test('is stopped by a push, and keeps what came', async () => {
    const id = newId()
    const { question, answer, run, start } = askFor(id, { model: `${MODEL};stall=0.5` })
    await push(conversation(id, now), prompt(question, id, now), start)
    await until(async () => asked().length > 0)

    await push({ op: 'run.cancel', id: run })

    const ended = await until(async () => {
      const { rows } = await push()
      return rows.find(row => row[1] === answer && row[5]['status'] === 'cancelled')
    })
    expect(ended[5]).toMatchObject({ status: 'cancelled' })
    expect(await (await server.request(`/api/runs/${run}`)).json()).toMatchObject({ state: 'cancelled' })
  })

  test('of a provider that is not there is held', async () => {
    const id = newId()
    const { question, start } = askFor(id, { model: 'nowhere/model' })

    const { trailer } = await push(conversation(id, now), prompt(question, id, now), start)

    expect(trailer.results).toEqual([{ n: 3, result: 'held' }])
  })

  test('whose conversation is purged meanwhile ends, is paid for, and brings nothing back', async () => {
    const id = newId()
    const { question, answer, run, start } = askFor(id, { model: `${MODEL};stall=0.5` })
    await push(conversation(id, now), prompt(question, id, now), start)
    await until(async () => asked().length > 0)

    await push({ op: 'purge', kind: 'conversations', id })

    await until(async () => (await (await server.request(`/api/runs/${run}`)).json()).state === 'cancelled')
    const { total } = await (await server.request('/api/usage/summary')).json()
    expect(total.requests).toBe(1)
    const { rows } = await send(requestOf([], { epoch: null, cursor: null }))
    expect(rows.filter(row => row[0] !== 'usage_logs').map(row => [row[1], row[4], row[5]])).toEqual(
      expect.arrayContaining([id, question, answer].map(row => [row, 1, {}])),
    )
    expect(server.logLines.filter(line => line.includes('run-failed'))).toEqual([])
  })

  test('that was stopped while the server was down is not begun by the next start', async () => {
    const id = newId()
    const { question, answer, run } = askFor(id)
    await push(conversation(id, now), prompt(question, id, now), prompt(answer, id, now, { role: 'assistant' }))
    await server.stop()
    const sqlite = new BetterSqlite3(server.databasePath)
    sqlite
      .prepare(
        `INSERT INTO runs (id, user_id, conversation_id, message_id, user_message_id, model, request, state, cancel_at, created_at)
         VALUES (?, ?, ?, ?, ?, ?, '{"system":null,"params":{}}', 'starting', 5, 1)`,
      )
      .run(run, OWNER_USER_ID, id, answer, question, MODEL)
    sqlite.close()
    await restart()

    expect(await (await server.request(`/api/runs/${run}`)).json()).toMatchObject({ state: 'cancelled' })
    expect(asked()).toEqual([])
  })
})

async function restart(): Promise<void> {
  await server.stop()
  server = await startTestServer({
    folder: server.databasePath.replace(/\/[^/]+$/, ''),
    clock: { now: () => now },
    environment: { COMPATIBLE_REPLAY_BASE_URL: `${replay.url}/v1` },
  })
}

describe('the live line', () => {
  async function listen(): Promise<{ seen: SeenEvent[]; close: () => Promise<void> }> {
    const controller = new AbortController()
    const answer = await fetch(`${server.url}/api/live`, { signal: controller.signal })
    const seen: SeenEvent[] = []
    const reading = (async () => {
      for await (const event of readEvents(answer)) seen.push(event)
    })().catch((error: unknown) => {
      if (!controller.signal.aborted) throw error
    })
    await until(async () => seen.length > 0)
    return {
      seen,
      close: async () => {
        controller.abort()
        await reading
      },
    }
  }

  test('says at once where the feed stands, and then that it moved, once for a burst', async () => {
    const line = await listen()

    await Promise.all([1, 2, 3].map(() => server.request('/api/conversations', { body: { title: 'x' } })))

    await until(async () => line.seen.at(-1)?.data['rev'] === 3)
    const epoch = (await (await server.request('/api/sync/boot')).json()).epoch
    expect(line.seen[0]).toMatchObject({ type: 'poke', data: { rev: 0, epoch } })
    expect(line.seen.length).toBeLessThan(4)
    await line.close()
  })

  test('follows a run from its start to its end, for every device', async () => {
    const lines = await Promise.all([listen(), listen()])
    const id = newId()
    const { question, answer, run, start } = askFor(id)

    await push(conversation(id, now), prompt(question, id, now), start)

    for (const { seen, close } of lines) {
      await until(async () => seen.some(({ type, data }) => type === 'run' && data['state'] === 'done'))
      const states = seen.filter(({ type }) => type === 'run').map(({ data }) => data)
      expect(states.map(({ state }) => state)).toEqual(['starting', 'streaming', 'done'])
      expect(states.every(({ id: of, message_id }) => of === run && message_id === answer)).toBe(true)
      await close()
    }
  })

  test('ends when the server stops', async () => {
    const answer = await fetch(`${server.url}/api/live`)
    const read = answer.text()

    await server.stop()

    expect(await read).toContain('event: poke')
  })
})

describe('what nobody wants any more', () => {
  const stateOf = async (id: string) => {
    const { rows } = await send(requestOf([], { epoch: null, cursor: null }))
    const row = rows.find(found => found[1] === id)
    return row?.[4] === 1 ? 'purged' : row?.[5]['deleted_at'] ? 'trash' : row ? 'kept' : 'nowhere'
  }

  test('leaves the trash after 30 days, also by a device whose clock is wrong, and later the values that lost', async () => {
    const [fresh, old, strange, kept] = [newId(), newId(), newId(), newId()]
    await push(...[fresh, old, strange, kept].map(id => conversation(id, now, { title: 'Winner' })))
    await push(
      setFields('conversations', old, { deleted_at: now }, [now + 1, 'p']),
      setFields('conversations', strange, { deleted_at: 5 }, [now + 20 * DAY_MS, 'p']),
      setFields('conversations', kept, { title: 'Loser' }, [5, 'p']),
    )
    const text = newId()
    await push(prompt(text, old, now, { content: 'Zebra secret' }))
    now += 20 * DAY_MS
    await push(setFields('conversations', fresh, { deleted_at: now }, [now, 'p']))
    await restart()
    expect(await Promise.all([old, fresh, strange].map(stateOf))).toEqual(['trash', 'trash', 'trash'])

    now += 11 * DAY_MS
    await restart()
    expect(await Promise.all([old, text, fresh, strange, kept].map(stateOf))).toEqual([
      'purged',
      'purged',
      'trash',
      'trash',
      'kept',
    ])
    expect(conflicts()).toBe(1)

    now += 60 * DAY_MS
    await restart()
    expect(await Promise.all([fresh, strange, kept].map(stateOf))).toEqual(['purged', 'purged', 'kept'])
    expect(conflicts()).toBe(0)
  })

  test('goes at once with everything else of the user, except the ledger', async () => {
    const id = newId()
    const { question, answer, run, start } = askFor(id)
    const setting: Body = {
      op: 'put',
      kind: 'settings',
      id: 'theme',
      set: { value: ['Zebra', [1, 'x']], created_at: [1, [1, 'x']] },
    }
    await push(
      conversation(id, now, { title: 'Zebra' }),
      prompt(question, id, now, { content: 'Zebra' }),
      setting,
      start,
    )
    await readRun(await server.request(`/api/runs/${run}/events`))
    const bill = await (await server.request('/api/usage/summary')).json()

    const gone = await server.request('/api/user-data', { method: 'DELETE', body: { confirm: 'delete everything' } })

    expect(gone.status).toBe(204)
    expect(await (await server.request('/api/conversations')).json()).toEqual([])
    expect(await (await server.request('/api/search?q=zebra')).json()).toEqual([])
    const { rows } = await send(requestOf([], { epoch: null, cursor: null }))
    expect(rows.filter(row => row[4] === 0).map(row => row[0])).toEqual(['usage_logs'])
    expect(
      rows
        .filter(row => row[4] === 1)
        .map(row => row[1])
        .sort(),
    ).toEqual([id, question, answer, 'theme'].sort())
    expect((await (await server.request('/api/usage/summary')).json()).total).toEqual(bill.total)
    expect(everything()).not.toContain('Zebra')
  })

  test('is not touched by a deletion that is not confirmed', async () => {
    await push(conversation(newId(), now))
    const before = contentHash(server.databasePath)

    const answer = await server.request('/api/user-data', { method: 'DELETE', body: { confirm: 'Delete everything' } })

    expect(answer.status).toBe(400)
    expect(contentHash(server.databasePath)).toBe(before)
  })

  function withDatabase<Result>(read: (sqlite: BetterSqlite3.Database) => Result): Result {
    const sqlite = new BetterSqlite3(server.databasePath, { readonly: true })
    try {
      return read(sqlite)
    } finally {
      sqlite.close()
    }
  }

  const conflicts = () => withDatabase(sqlite => sqlite.prepare('SELECT COUNT(*) FROM conflicts').pluck().get())
  const everything = () =>
    withDatabase(sqlite =>
      ['conversations', 'messages', 'settings', 'personas', 'attachments', 'conflicts', 'runs', 'run_events']
        .map(table => JSON.stringify(sqlite.prepare(`SELECT * FROM ${table}`).all()))
        .join(),
    )
})
