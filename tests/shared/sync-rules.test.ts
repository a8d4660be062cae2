import { describe, expect, test } from 'vitest'
import {
  type FieldClock,
  type FieldClocks,
  type FieldSets,
  isLater,
  mergeFields,
  nextClock,
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
