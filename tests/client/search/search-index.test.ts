import { describe, expect, test } from 'vitest'
import type { IndexFiles } from '../../../client/search/index-files.ts'
import type { Progress } from '../../../client/search/manifest.ts'
import { createMemoryIndexFiles } from '../../../client/search/memory-index-files.ts'
import { openSearchIndex, type SearchIndex } from '../../../client/search/search-index.ts'
import { anyText, type Chance } from '../../helpers/random-search-text.ts'
import { seededRandom } from '../../helpers/seeded-random.ts'
import { addTexts, anyQuery, findIds, idOf, scan, type Text } from './corpus.ts'

const PROGRESS: Progress = { database: 'one', applied: 7, walkedTo: null, isWalking: false }
const goOn = async () => true

/** Texts that come, change and go, in batches, with merges and restarts between them, beside a plain map of what must be there. */
async function live(random: Chance, rounds: number): Promise<{ index: SearchIndex; texts: Map<string, Text> }> {
  const files = createMemoryIndexFiles()
  const texts = new Map<string, Text>()
  let index = await openSearchIndex(files)
  for (let round = 0; round < rounds; round++) {
    const batch = Array.from({ length: 1 + Math.floor(random() ** 3 * 60) }, () => {
      const number = Math.floor(random() * 400)
      const place = { id: idOf(number), conversationId: idOf(number % 20), createdAtMs: Math.floor(number / 3) }
      return { ...place, text: anyText(random) }
    })
    addTexts(index, batch)
    for (const text of batch) texts.set(text.id, text)
    if (random() < 0.4) {
      const gone = idOf(Math.floor(random() * 400))
      index.removeMessages([gone])
      texts.delete(gone)
    }
    if (random() < 0.1) {
      const gone = idOf(Math.floor(random() * 20))
      index.removeConversations(gone, gone)
      for (const text of texts.values()) if (text.conversationId === gone) texts.delete(text.id)
    }
    if (random() < 0.3) await index.tidy(goOn)
    if (random() < 0.3) {
      await index.save(PROGRESS)
      index.close()
      index = await openSearchIndex(files)
    }
  }
  return { index, texts }
}

test('looks into older segments only when the newer ones have no more', async () => {
  const files = createMemoryIndexFiles()
  const read: string[] = []
  const watched: IndexFiles = {
    ...files,
    open: async name => {
      const file = await files.open(name)
      if (file === null) return null
      return {
        ...file,
        read: (at, length) => {
          read.push(name)
          return file.read(at, length)
        },
      }
    },
  }
  const index = await openSearchIndex(watched)
  for (const batch of [0, 100, 200]) {
    const texts = Array.from({ length: 5 }, (_, place) => batch + place)
    addTexts(
      index,
      texts.map(number => ({ id: idOf(number), conversationId: idOf(0), createdAtMs: number, text: 'apple' })),
    )
    await index.save(PROGRESS)
  }
  read.length = 0

  const found = index.find({ parts: [{ words: ['apple'], isPrefix: false }], without: [], isInside: false })
  const newest = Array.from({ length: 5 }, () => found.next().value?.createdAtMs)
  const readForNewest = new Set(read).size
  const rest = [...found].map(({ createdAtMs }) => createdAtMs)

  expect(newest).toEqual([204, 203, 202, 201, 200])
  expect(readForNewest).toBe(1)
  expect(rest).toEqual([104, 103, 102, 101, 100, 4, 3, 2, 1, 0])
  expect(new Set(read).size).toBe(3)
})

describe('an index finds exactly what reading everything finds', () => {
  test.each([1, 2, 3, 4, 5, 6])('words, beginnings, phrases, what is left out, in any script (seed %i)', async seed => {
    const random = seededRandom(seed)
    const { index, texts } = await live(random, 40)
    let found = 0

    for (let round = 0; round < 150; round++) {
      const query = anyQuery(random)
      const expected = scan(texts.values(), query)

      expect(findIds(index, query), `${JSON.stringify(query)}, seed ${seed}`).toEqual(expected)
      found += expected.length
    }

    expect(index.messages).toBe(texts.size)
    expect(found).toBeGreaterThan(500)
  })

  test.each([7, 8])('letters inside words (seed %i)', async seed => {
    const random = seededRandom(seed)
    const { index, texts } = await live(random, 25)
    let found = 0

    for (const query of ['tego', 'ategory ', 'ode', 'traß', 'θην', 'mode wal', 'ego -cat ', 'al', '"wal mode" ode ']) {
      const expected = scan(texts.values(), query, true)

      expect(findIds(index, query, true), `${query}, seed ${seed}`).toEqual(expected)
      found += expected.length
    }

    expect(found).toBeGreaterThan(50)
  })

  test('in more messages than are looked at together, with rare words far apart', async () => {
    const index = await openSearchIndex(createMemoryIndexFiles())
    const texts = Array.from({ length: 20_000 }, (_, number) => {
      const rare = number % 4999 === 7 ? ' rare find' : ''
      return { id: idOf(number), conversationId: idOf(0), createdAtMs: number, text: `common n${number % 300}${rare}` }
    })
    addTexts(index, texts)

    for (const query of ['common rare ', '"rare find" n', 'n29', 'rare -n7 ', '"n7 rare" ', 'common ', 'n5 common '])
      expect(findIds(index, query), query).toEqual(scan(texts, query))
  })
})

describe('a saved index', () => {
  const texts = Array.from({ length: 30 }, (_, number) => ({
    id: idOf(number),
    conversationId: idOf(number % 3),
    createdAtMs: number,
    text: `apple ${number % 2 === 0 ? 'even' : 'odd'}`,
  }))

  /** Some saves one after the other, each adding to the last. */
  async function write(files: IndexFiles, saves: number): Promise<void> {
    const index = await openSearchIndex(files)
    for (let save = 0; save < saves; save++) {
      addTexts(index, texts.slice(save * 10, save * 10 + 10))
      await index.save({ ...PROGRESS, applied: save + 1 })
    }
    index.close()
  }

  test('is the same after a restart', async () => {
    const files = createMemoryIndexFiles()
    await write(files, 3)

    const index = await openSearchIndex(files)

    expect(index.progress).toEqual({ ...PROGRESS, applied: 3 })
    expect(findIds(index, 'even ')).toEqual(scan(texts, 'even '))
  })

  test('stands at the last save or the one before, wherever it was killed', async () => {
    const steps = await countWrites(files => write(files, 3))
    const seen = new Set<number>()

    for (let step = 0; step <= steps; step++) {
      for (const torn of ['nothing', 'half'] as const) {
        const disk = createMemoryIndexFiles()
        await write(dyingFiles(disk, step, torn), 3).catch((error: unknown) => expect(error).toBe(KILLED))

        const index = await openSearchIndex(disk)

        const saves = index.progress?.applied ?? 0
        seen.add(saves)
        expect(findIds(index, 'apple ')).toEqual(scan(texts.slice(0, saves * 10), 'apple '))
        // What the dead one left is no burden to the next.
        await write(disk, 3)
        expect((await disk.list()).length).toBeLessThanOrEqual(2 + 3 + saves)
      }
    }

    expect(steps).toBeGreaterThan(5)
    expect([...seen].sort()).toEqual([0, 1, 2, 3])
  })

  test.each(['cut off', 'of zeros', 'changed at one place', 'missing'])(
    'is thrown away when a file is %s',
    async how => {
      for (const wanted of [/^manifest/, /^segment/]) {
        const files = createMemoryIndexFiles()
        await write(files, 1)
        for (const name of (await files.list()).filter(file => wanted.test(file))) await damage(files, name, how)

        const index = await openSearchIndex(files)

        expect(index.progress).toBeNull()
        expect(index.messages).toBe(0)
        expect((await files.list()).filter(name => name.startsWith('segment'))).toEqual([])
      }
    },
  )

  test('is found damaged in its postings, which are not all read at the start', async () => {
    const files = createMemoryIndexFiles()
    await write(files, 1)
    const sound = await openSearchIndex(files)
    expect(await sound.verify(goOn)).toBe(true)

    await damage(files, 'segment-1', 'changed at the end')
    const index = await openSearchIndex(files)

    expect(index.progress).not.toBeNull()
    expect(await index.verify(goOn)).toBe(false)
  })

  test('keeps what was changed while segments were merged', async () => {
    const index = await openSearchIndex(createMemoryIndexFiles())
    for (let batch = 0; batch < 8; batch++) addTexts(index, texts.slice(batch * 3, batch * 3 + 3))
    let steps = 0

    await index.tidy(async () => {
      steps++
      if (steps === 2) {
        index.removeMessages([idOf(4)])
        addTexts(index, [{ id: idOf(6), conversationId: idOf(0), createdAtMs: 6, text: 'pear' }])
      }
      return true
    })

    expect(index.segments).toBe(2)
    expect(findIds(index, 'pear ')).toEqual([idOf(6)])
    const left = texts.slice(0, 24).filter(({ id }) => id !== idOf(4) && id !== idOf(6))
    expect(findIds(index, 'apple ')).toEqual(scan(left, 'apple '))
  })

  test('stays few segments, however many messages came one by one', async () => {
    const index = await openSearchIndex(createMemoryIndexFiles())

    for (const text of Array.from({ length: 300 }, (_, number) => ({ ...texts[0], id: idOf(number) }))) {
      addTexts(index, [{ conversationId: idOf(0), createdAtMs: 1, text: 'apple', ...text }])
      await index.tidy(goOn)
    }

    expect(index.segments).toBeLessThanOrEqual(16)
    expect(findIds(index, 'apple ')).toHaveLength(300)
  })
})

const KILLED = new Error('killed')

async function countWrites(work: (files: IndexFiles) => Promise<void>): Promise<number> {
  let writes = 0
  const files = createMemoryIndexFiles()
  const count = <Arguments extends unknown[], Result>(act: (...all: Arguments) => Promise<Result>) => {
    return (...all: Arguments): Promise<Result> => {
      writes++
      return act(...all)
    }
  }
  await work({ ...files, write: count(files.write), remove: count(files.remove) })
  return writes
}

/** Files whose program dies in the write or removal number `step`, which is not done, or half. */
function dyingFiles(files: IndexFiles, step: number, torn: 'nothing' | 'half'): IndexFiles {
  let left = step
  return {
    ...files,
    async write(name, parts) {
      if (left-- > 0) return files.write(name, parts)
      if (torn === 'half')
        await files.write(name, [new Uint8Array(await new Blob([...parts]).arrayBuffer()).slice(0, 99)])
      throw KILLED
    },
    async remove(name) {
      if (left-- > 0) return files.remove(name)
      if (torn === 'half') await files.remove(name)
      throw KILLED
    },
  }
}

async function damage(files: IndexFiles, name: string, how: string): Promise<void> {
  const file = await files.open(name)
  const bytes = file?.read(0, file.size).slice() ?? new Uint8Array()
  if (how === 'missing') return files.remove(name)
  if (how === 'of zeros') bytes.fill(0)
  // The last eight bytes may be filling, and in front of them are the postings.
  const at = how === 'changed at the end' ? bytes.length - 9 : 100
  if (how.startsWith('changed')) bytes[at] = (bytes[at] ?? 0) ^ 255
  return files.write(name, [how === 'cut off' ? bytes.slice(0, bytes.length - 5) : bytes])
}
