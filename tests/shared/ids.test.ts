import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { isId, makeId } from '#shared/ids.ts'

test('an id is the one of RFC 9562, appendix A.6, for its time and random bits', () => {
  const random = () => Uint8Array.from([0, 0, 0, 0, 0, 0, 0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])

  expect(makeId(1_645_557_742_000, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test.each([0, 1, 2 ** 32, 2 ** 48 - 1])('the time %i stands in its first 48 bits', nowMs => {
  const id = makeId(nowMs, randomBytes)

  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(nowMs)
  expect(isId(id)).toBe(true)
})

test('ids sort by the time they were made, and all bits that may differ do', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => makeId(1_700_000_000_000 + index, randomBytes))

  expect(ids.toSorted()).toEqual(ids)
  expect(makeId(0, () => new Uint8Array(16).fill(255))).toBe('00000000-0000-7fff-bfff-ffffffffffff')
  expect(makeId(0, () => new Uint8Array(16))).toBe('00000000-0000-7000-8000-000000000000')
})

test.each([
  '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  '00000000-0000-1000-8000-000000000000',
  'ffffffff-ffff-8fff-bfff-ffffffffffff',
])('%s is an id', text => {
  expect(isId(text)).toBe(true)
})

test.each([
  '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
  '017f22e279b07cc398c4dc0c0c07398f',
  '{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}',
  '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n',
  ' 017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  '017f22e2-79b0-9cc3-98c4-dc0c0c07398f',
  '017f22e2-79b0-7cc3-c8c4-dc0c0c07398f',
  '00000000-0000-0000-0000-000000000000',
  'g17f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  '',
  null,
  undefined,
  7,
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f'],
])('%j is none', value => {
  expect(isId(value)).toBe(false)
})
