import { describe, expect, test } from 'vitest'
import { wordsOf } from '#shared/search-text.ts'
import type { IndexFiles } from '../../../client/search/index-files.ts'
import { followDatabase, type IndexFollower } from '../../../client/search/index-follower.ts'
import type { IndexedMessage } from '../../../client/search/indexed-message.ts'
import { createMemoryIndexFiles } from '../../../client/search/memory-index-files.ts'
import type { MessageSource, SourceChange } from '../../../client/search/message-source.ts'
import { anyText } from '../../helpers/random-search-text.ts'
import { seededRandom } from '../../helpers/seeded-random.ts'
import { findIds, idOf, scan, type Text } from './corpus.ts'

/** A database in memory, with a log of what was written. */
function createDatabase(id = 'one') {
  const rows = new Map<string, Text>()
  const log: SourceChange[] = []
  let reads = 0
  const indexed = ({ text, ...place }: Text): IndexedMessage => {
    reads++
    return { ...place, role: 'user', model: null, hasCode: false, hasImage: false, words: wordsOf(text) }
  }
  const note = (change: Partial<SourceChange>): void => {
    log.push({ n: (log.at(-1)?.n ?? 0) + 1, messages: [], conversations: [], emptied: [], ...change })
  }
  const source: MessageSource = {
    id: async () => id,
    logEnds: async () => ({ first: log[0]?.n ?? 0, last: log.at(-1)?.n ?? 0 }),
    changesAfter: async (n, most) => log.filter(change => change.n > n).slice(0, most),
    forgetChanges: async upTo => {
      while ((log[0]?.n ?? Number.POSITIVE_INFINITY) <= upTo) log.shift()
    },
    messages: async keys => keys.flatMap(([, key]) => rows.get(key) ?? []).map(indexed),
    conversationsBelow: async (below, most) =>
      [...new Set([...rows.values()].map(row => row.conversationId))]
        .sort()
        .reverse()
        .filter(each => below === null || each < below)
        .slice(0, most),
    messagesBetween: async (from, to) =>
      [...rows.values()].filter(row => row.conversationId >= from && row.conversationId <= to).map(indexed),
    countMessages: async () => rows.size,
  }
  return {
    rows,
    log,
    source,
    reads: () => reads,
    put(text: Text) {
      rows.set(text.id, text)
      note({ messages: [[text.conversationId, text.id]] })
    },
    delete(text: Text) {
      rows.delete(text.id)
      note({ messages: [[text.conversationId, text.id]] })
    },
    empty(conversationId: string) {
      for (const row of rows.values()) if (row.conversationId === conversationId) rows.delete(row.id)
      note({ emptied: [[conversationId, conversationId]] })
    },
  }
}

type Database = ReturnType<typeof createDatabase>

function textOf(number: number, text: string): Text {
  return { id: idOf(number), conversationId: idOf(number % 130), createdAtMs: number, text }
}

async function follow(
  database: Database,
  files: IndexFiles,
  shares: number[] = [],
  isBusy: () => Promise<boolean> = async () => false,
): Promise<IndexFollower> {
  return followDatabase({
    alive: new AbortController().signal,
    files,
    source: database.source,
    pause: async () => true,
    isBusy,
    wait: async () => undefined,
    onConversations: async () => undefined,
    onShare: share => shares.push(share),
  })
}

describe('an index that follows a database', () => {
  test('reads everything first, then only what has changed', async () => {
    const database = createDatabase()
    const files = createMemoryIndexFiles()
    for (let number = 0; number < 400; number++) database.put(textOf(number, `apple n${number}`))
    const shares: number[] = []
    const follower = await follow(database, files, shares)

    await follower.catchUp()
    const readAtFirst = database.reads()
    database.put(textOf(7, 'pear'))
    database.delete(textOf(8, ''))
    await follower.catchUp()

    expect(readAtFirst).toBe(400)
    expect(database.reads()).toBe(401)
    expect(shares[0]).toBe(0)
    expect(shares.at(-1)).toBe(1)
    expect(findIds(follower.index, 'apple ')).toEqual(scan(database.rows.values(), 'apple '))
    expect(findIds(follower.index, 'pear ')).toEqual([idOf(7)])
  })

  test('waits while something writes a great deal, and says how far behind it is', async () => {
    const database = createDatabase()
    for (let number = 0; number < 30; number++) database.put(textOf(number, 'apple'))
    const shares: number[] = []
    let writes = 0
    const isBusy = async (): Promise<boolean> => {
      if (writes === 0) return false
      database.put(textOf(100 + writes--, 'apple'))
      return true
    }
    const follower = await follow(database, createMemoryIndexFiles(), shares, isBusy)
    await follower.catchUp()
    writes = 4
    shares.length = 0
    const reads = database.reads()

    await follower.catchUp()

    expect(shares.slice(0, 4)).toEqual([30 / 31, 30 / 32, 30 / 33, 30 / 34])
    expect(shares.at(-1)).toBe(1)
    expect(database.reads() - reads).toBe(4)
  })

  test('goes on where it was after a restart, and reads nothing again', async () => {
    const database = createDatabase()
    const files = createMemoryIndexFiles()
    for (let number = 0; number < 50; number++) database.put(textOf(number, 'apple'))
    const before = await follow(database, files)
    await before.catchUp()
    before.index.close()
    database.put(textOf(60, 'apple'))
    const reads = database.reads()

    const after = await follow(database, files)
    await after.catchUp()

    expect(database.reads() - reads).toBe(1)
    expect(findIds(after.index, 'apple ')).toHaveLength(51)
  })

  test('begins anew with another database, and when the log does not reach back far enough', async () => {
    const files = createMemoryIndexFiles()
    const old = createDatabase('old')
    for (let number = 0; number < 20; number++) old.put(textOf(number, 'apple'))
    await (await follow(old, files)).catchUp()

    const database = createDatabase('new')
    for (let number = 0; number < 5; number++) database.put(textOf(number + 100, 'pear'))
    const fresh = await follow(database, files)
    await fresh.catchUp()
    expect([findIds(fresh.index, 'apple '), findIds(fresh.index, 'pear ').length]).toEqual([[], 5])

    database.put(textOf(200, 'pear'))
    database.put(textOf(201, 'pear'))
    database.log.splice(0, database.log.length - 1)
    const late = await follow(database, files)
    await late.catchUp()
    expect(findIds(late.index, 'pear ')).toHaveLength(7)
  })

  test.each([1, 2, 3, 4])('is right in the end, wherever it is killed, again and again (seed %i)', async seed => {
    const random = seededRandom(seed)
    const database = createDatabase()
    const files = createMemoryIndexFiles()
    const anyNumber = (): number => Math.floor(random() * 500)
    for (let number = 0; number < 300; number++) database.put(textOf(number, anyText(random)))
    let kills = 0

    for (let life = 0; life < 25; life++) {
      const act = (): void => {
        const chance = random()
        if (chance < 0.7) database.put(textOf(anyNumber(), anyText(random)))
        else if (chance < 0.9) database.delete(textOf(anyNumber(), ''))
        else database.empty(idOf(anyNumber() % 130))
      }
      for (let acts = Math.floor(random() * 30); acts > 0; acts--) act()
      const dying = dyingAfter(files, Math.floor(random() * 12), act)
      await follow(database, dying)
        .then(follower => follower.catchUp())
        .catch((error: unknown) => {
          kills++
          expect(error).toBe(KILLED)
        })
    }
    const follower = await follow(database, files)
    await follower.catchUp()

    expect(kills).toBeGreaterThan(5)
    expect(follower.index.messages).toBe(database.rows.size)
    for (const query of ['cat ', 'wal', '"wal mode" ', '東京', 'cafe x'])
      expect(findIds(follower.index, query), query).toEqual(scan(database.rows.values(), query))
  })
})

const KILLED = new Error('killed')

/** Files that end with their program after so many writes; while they are written, the database changes. */
function dyingAfter(files: IndexFiles, writes: number, meanwhile: () => void): IndexFiles {
  let left = writes
  return {
    ...files,
    async write(name, parts) {
      if (left-- <= 0) throw KILLED
      if (left % 3 === 0) meanwhile()
      await files.write(name, parts)
    },
    async remove(name) {
      if (left-- <= 0) throw KILLED
      await files.remove(name)
    },
  }
}

test('every conversation that is read from before the log is told of before its messages are found', async () => {
  const database = createDatabase()
  for (let number = 1; number <= 300; number++) database.put(textOf(number, 'apple'))
  const told: string[] = []
  const toldAtShare: number[] = []

  const { catchUp } = await followDatabase({
    alive: new AbortController().signal,
    files: createMemoryIndexFiles(),
    source: database.source,
    pause: async () => true,
    isBusy: async () => false,
    wait: async () => undefined,
    onConversations: async ids => {
      await Promise.resolve()
      told.push(...ids)
    },
    onShare: share => {
      if (share === 1) toldAtShare.push(told.length)
    },
  })
  await catchUp()

  expect(new Set(told)).toEqual(new Set([...database.rows.values()].map(({ conversationId }) => conversationId)))
  expect(toldAtShare.at(-1)).toBe(told.length)
})
