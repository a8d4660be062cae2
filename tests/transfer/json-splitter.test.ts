import { expect, test } from 'vitest'
import { createJsonSplitter } from '#shared/transfer/import/json-splitter.ts'
import { seededRandom } from '../helpers/seeded-random.ts'

const PARTS = ['\\', '"', '\\"', '\n', '[', ']', '{', '}', ',', ':', 'é', '😀', 'word ', '\\\\', ' ']

test.each([1, 2, 3, 4, 5])('gives the values of a document, wherever it is cut (seed %i)', seed => {
  const random = seededRandom(seed)
  const anyText = (): string =>
    Array.from({ length: random() * 12 }, () => PARTS[Math.floor(random() * PARTS.length)]).join('')
  const anyValue = (depth: number): unknown => {
    const chance = random()
    if (depth === 0 || chance < 0.5) return chance < 0.4 ? anyText() : [1.5, null, true][Math.floor(chance * 7) % 3]
    if (chance < 0.75) return Array.from({ length: random() * 4 }, () => anyValue(depth - 1))
    return Object.fromEntries(Array.from({ length: random() * 4 }, () => [anyText(), anyValue(depth - 1)]))
  }

  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 1 + random() * 6 }, () => anyValue(3))
    const bytes = new TextEncoder().encode(JSON.stringify(values, null, round % 2))
    const chunkBytes = 1 + Math.floor(random() * (round % 3 === 0 ? 8 : 200))

    expect(valuesOf(bytes, chunkBytes)).toEqual(values)
  }
})

/** One buffer for all chunks, as a reader may have it. */
function valuesOf(bytes: Uint8Array, chunkBytes: number): readonly unknown[] {
  const splitter = createJsonSplitter(() => true)
  const buffer = new Uint8Array(chunkBytes)
  const values: unknown[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const part = bytes.subarray(at, at + chunkBytes)
    buffer.set(part)
    for (const piece of splitter.push(buffer.subarray(0, part.length))) {
      values.push(JSON.parse(new TextDecoder().decode(piece.bytes ?? new Uint8Array())))
    }
  }
  splitter.end()
  return values
}
