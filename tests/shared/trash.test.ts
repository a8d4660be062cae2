import { expect, test } from 'vitest'
import { daysLeftInTrash, TRASH_MS } from '#shared/trash.ts'

const DAY_MS = 86_400_000

test('counts begun days, and none when the time is over', () => {
  expect(daysLeftInTrash(0, 0)).toBe(30)
  expect(daysLeftInTrash(0, 1)).toBe(30)
  expect(daysLeftInTrash(1, 0)).toBe(30)
  expect(daysLeftInTrash(0, 29 * DAY_MS)).toBe(1)
  expect(daysLeftInTrash(0, TRASH_MS + DAY_MS)).toBe(0)
})
