import { describe, expect, test } from 'vitest'
import {
  clockOfCreation,
  type FieldClock,
  type FieldClocks,
  type FieldSets,
  findFork,
  isLater,
  judgePush,
  mergeFields,
  nextClock,
  policySince,
} from '#shared/sync-rules.ts'
import { seededRandom } from '../helpers/seeded-random.ts'

const BORN: FieldClock = [100, 'a']

describe('of two clocks the later is', () => {
  test.each<[FieldClock, FieldClock, boolean]>([
    [[2, 'a'], [1, 'z'], true],
    [[1, 'z'], [2, 'a'], false],
    [[1, 'b'], [1, 'a'], true],
    [[1, 'a'], [1, 'b'], false],
    [[1, 'a'], [1, 'a'], false],
  ])('%j against %j: %s', (left, right, isLeft) => {
    expect(isLater(left, right)).toBe(isLeft)
  })
})

describe('the next clock beats what it replaces', () => {
  test.each<[now: number, replaced: FieldClock, next: FieldClock]>([
    [500, [100, 'z'], [500, 'a']],
    [100, [100, 'z'], [101, 'a']],
    [50, [100, 'z'], [101, 'a']],
  ])('at %i over %j', (now, replaced, next) => {
    const clock = nextClock(now, replaced, 'a')

    expect(clock).toEqual(next)
    expect(isLater(clock, replaced)).toBe(true)
  })
})

describe('a merge', () => {
  test('takes what is later, leaves what is not, and names what lost', () => {
    const clocks: FieldClocks = { title: [200, 'b'] }
    const sets: FieldSets = { title: ['too late', [150, 'c']], model: ['new', [101, 'a']] }

    expect(mergeFields(clocks, BORN, sets)).toEqual({
      changed: { model: 'new' },
      clocks: { title: [200, 'b'], model: [101, 'a'] },
      lost: { title: ['too late', [150, 'c']] },
    })
    expect(clocks).toEqual({ title: [200, 'b'] })
  })

  test('holds the creation clock against a field that was never set', () => {
    expect(mergeFields({}, BORN, { title: ['before', [99, 'z']] })).toMatchObject({ changed: {}, clocks: {} })
    expect(mergeFields({}, BORN, { title: ['after', [100, 'b']] }).changed).toEqual({ title: 'after' })
  })

  test('of the same set again changes nothing and loses nothing', () => {
    const sets: FieldSets = { title: ['x', [300, 'c']] }
    const { clocks } = mergeFields({}, BORN, sets)

    expect(mergeFields(clocks, BORN, sets)).toEqual({ changed: {}, clocks, lost: {} })
  })
})

test.each([1, 2, 3, 4, 5])('edits that arrive in any order, some twice, end the same (seed %i)', seed => {
  const random = seededRandom(seed)
  const whole = (most: number) => Math.floor(random() * most)
  // The same clock always carries the same value: a device sets a field once at one time.
  const edits = Array.from({ length: 60 }, (): FieldSets => {
    const [field, ms, device] = [`field${whole(4)}`, 95 + whole(20), `device${whole(3)}`]
    return { [field]: [`${field} at ${ms} by ${device}`, [ms, device]] }
  })
  const shuffled = [...edits, ...edits.slice(0, 20)]
    .map(edit => ({ edit, at: random() }))
    .toSorted((a, b) => a.at - b.at)

  const apply = (list: readonly FieldSets[]) => {
    let clocks: FieldClocks = {}
    const row: Record<string, unknown> = {}
    for (const sets of list) {
      const merged = mergeFields(clocks, BORN, sets)
      clocks = merged.clocks
      Object.assign(row, merged.changed)
    }
    return { clocks, row }
  }

  expect(apply(shuffled.map(({ edit }) => edit))).toEqual(apply(edits))
})

test('any set of the millisecond of its row’s creation is later than the creation', () => {
  expect(isLater([100, 'a'], clockOfCreation(100))).toBe(true)
  expect(isLater(clockOfCreation(101), [100, 'z'])).toBe(true)
})

describe('R3: numbers', () => {
  const pushed = (...numbers: readonly number[]) => numbers.map(n => ({ n, mid: `m${n}` }))
  const midOf = (n: number) => (n > 2 ? `m${n}` : null)

  test.each([
    [pushed(4, 5), 3, pushed(4, 5)],
    [pushed(3, 4), 3, pushed(4)],
    [pushed(3), 3, []],
    [[], 3, []],
    [pushed(5), 3, 'gap'],
    [pushed(4, 6), 3, 'gap'],
    [pushed(5, 4), 3, 'gap'],
    [[{ n: 3, mid: 'other' }], 3, 'device-cloned'],
    [pushed(2, 3, 4), 3, 'device-cloned'],
    [[{ n: 3, mid: 'other' }, ...pushed(5)], 3, 'device-cloned'],
  ])('%j after %i', (push, lastN, judged) => {
    expect(judgePush(push, lastN, midOf)).toEqual(judged)
  })
})

describe('R10: forks', () => {
  const server = {
    epoch: 'e2',
    head: 10,
    nonceAt: (rev: number) => (rev === 0 ? '' : rev > 10 ? '' : `n${rev}`),
    lastN: 3,
  }

  test.each([
    [{ epoch: null, cursor: null, ack_n: 0 }, null],
    [{ epoch: 'e2', cursor: null, ack_n: 0 }, null],
    [{ epoch: 'e2', cursor: [10, 'n10'], ack_n: 3 }, null],
    [{ epoch: 'e2', cursor: [4, 'n4'], ack_n: 1 }, null],
    [{ epoch: 'e1', cursor: [99, 'x'], ack_n: 99 }, 'epoch'],
    [{ epoch: 'e2', cursor: [11, ''], ack_n: 3 }, 'rollback'],
    [{ epoch: 'e2', cursor: [10, 'n9'], ack_n: 3 }, 'rollback'],
    [{ epoch: 'e2', cursor: [0, 'n0'], ack_n: 3 }, 'rollback'],
    [{ epoch: 'e2', cursor: [10, 'n10'], ack_n: 4 }, 'rollback'],
  ] as const)('%j is %s', (device, fork) => {
    expect(findFork(server, device)).toBe(fork)
  })

  const epochs = [
    { id: 'e1', policy: 'merge' },
    { id: 'e2', policy: 'replace' },
    { id: 'e3', policy: 'merge' },
  ] as const

  test.each([
    ['e1', 'replace'],
    ['e2', 'merge'],
    ['e3', 'merge'],
    ['unknown', 'merge'],
  ])('a device of epoch %s is to %s', (known, policy) => {
    expect(policySince(epochs, known)).toBe(policy)
  })

  test('a device of an epoch that the backup does not know follows the last restore', () => {
    expect(policySince(epochs.slice(0, 2), 'unknown')).toBe('replace')
  })
})
