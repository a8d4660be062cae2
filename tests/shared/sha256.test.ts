import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256 } from '#shared/sha256.ts'

test.each([0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003])('hashes %i bytes as everybody does', length => {
  const bytes = Uint8Array.from({ length }, (_, index) => index * 31)

  expect(Buffer.from(sha256(bytes)).toString('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
})
