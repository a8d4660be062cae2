import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '#shared/errors.ts'
import { openDatabase, type Sqlite } from '../../server/database/open-database.ts'
import { createWriter, type Writer } from '../../server/database/writer.ts'

let sqlite: Sqlite
let writer: Writer
let now = 1000

beforeEach(() => {
  now = 1000
  sqlite = openDatabase(':memory:')
  writer = createWriter({ sqlite, clock: { now: () => now++ }, randomBytes })
})

afterEach(() => {
  sqlite.close()
})

const history = () => sqlite.prepare<[], number>('SELECT last_rev FROM history ORDER BY last_rev').pluck().all()
const note = (key: string) => sqlite.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run(key, '')
const notes = () => sqlite.prepare<[], string>('SELECT key FROM meta ORDER BY key').pluck().all()

test('gives each changed row the next place in the feed, over all transactions', () => {
  const revs = [1, 2].map(() => writer.write(({ nextRev }) => [nextRev(), nextRev()]))

  expect(revs).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(writer.head()).toBe(4)
  expect(history()).toEqual([2, 4])
})

test('goes on where an earlier process stopped', () => {
  writer.write(({ nextRev }) => nextRev())

  const next = createWriter({ sqlite, clock: { now: () => now }, randomBytes })

  expect(next.head()).toBe(1)
  expect(next.write(({ nextRev }) => nextRev())).toBe(2)
})

test('keeps one time for the whole transaction', () => {
  const times = writer.write(transaction => [transaction.now, transaction.now])

  expect(times).toEqual([1000, 1000])
})

test('makes ids that carry the time and never repeat', () => {
  const ids = writer.write(({ makeId }) => Array.from({ length: 1000 }, makeId))

  expect(new Set(ids).size).toBe(1000)
  expect(ids.every(id => id.startsWith('00000000-03e8-7'))).toBe(true)
})

test('undoes everything when the work fails, and gives its places out again', () => {
  writer.write(({ nextRev }) => nextRev())

  expect(() =>
    writer.write(({ nextRev }) => {
      nextRev()
      note('lost')
      throw new AppError('conflict', 'Not like this.')
    }),
  ).toThrow('Not like this.')

  expect(notes()).toEqual([])
  expect(history()).toEqual([1])
  expect(writer.head()).toBe(1)
  expect(writer.write(({ nextRev }) => nextRev())).toBe(2)
})

test('says nothing and takes no place when nothing in the feed changed', () => {
  const heard: number[] = []
  writer.onCommit(new AbortController().signal, head => heard.push(head))

  writer.write(() => note('kept'))

  expect({ heard, history: history(), notes: notes() }).toEqual({ heard: [], history: [], notes: ['kept'] })
})

test('tells listeners the new head after the commit, until they are gone', () => {
  const gone = new AbortController()
  const heard: unknown[] = []
  writer.onCommit(gone.signal, head => heard.push([head, sqlite.inTransaction, writer.head()]))

  writer.write(({ nextRev }) => [nextRev(), nextRev()])
  gone.abort()
  writer.write(({ nextRev }) => nextRev())

  expect(heard).toEqual([[2, false, 2]])
})

test('a full disk is an error of its own, and nothing is written', () => {
  sqlite.pragma(`max_page_count = ${sqlite.pragma('page_count', { simple: true })}`)
  const big = 'x'.repeat(100_000)

  const write = () =>
    writer.write(({ nextRev }) =>
      sqlite.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run(`big ${nextRev()}`, big),
    )

  expect(write).toThrow(expect.objectContaining({ code: 'disk-full', retryable: true }))
  expect([notes(), writer.head()]).toEqual([[], 0])
})
