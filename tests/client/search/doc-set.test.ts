import { expect, test } from 'vitest'
import { createByteWriter } from '../../../client/search/byte-writer.ts'
import { createDocSet } from '../../../client/search/doc-set.ts'
import { type DocCursor, NO_DOC } from '../../../client/search/posting-cursor.ts'
import { BLOCK_DOCS, createTermEncoder } from '../../../client/search/term-encoder.ts'

const SIZE = 5000

/** What a segment keeps of a term that stands in these documents, twice in each. */
function postingsOf(docs: readonly number[]): Uint8Array {
  const [encoder, out] = [createTermEncoder(), createByteWriter()]
  for (const doc of docs) encoder.add(doc, Uint32Array.of(3, 300), 0, 2)
  encoder.end(out)
  return out.view().slice()
}

function docsOf(cursor: DocCursor): readonly number[] {
  const docs: number[] = []
  for (; cursor.doc !== NO_DOC; cursor.next()) docs.push(cursor.doc)
  return docs
}

test('the documents of several terms come in order, each once', () => {
  const set = createDocSet(SIZE)

  for (const docs of [
    [0, 31, 4999],
    [31, 32, 700],
    [63, 64],
  ])
    expect(set.take(postingsOf(docs))).toBe(true)

  expect(docsOf(set.cursor())).toEqual([0, 31, 32, 63, 64, 700, 4999])
})

test.each([
  [0, 0],
  [1, 31],
  [32, 64],
  [65, 4999],
  [4999, 4999],
])('from document %i on, the first one is %i', (target, expected) => {
  const set = createDocSet(SIZE)
  set.take(postingsOf([0, 31, 64, 4999]))
  const cursor = set.cursor()

  cursor.seek(target)

  expect(cursor.doc).toBe(expected)
})

test('a term that is not rare is left to a cursor of its own', () => {
  const set = createDocSet(SIZE)
  const many = Array.from({ length: BLOCK_DOCS + 1 }, (_, index) => index * 2)

  expect(set.take(postingsOf(many))).toBe(false)
  expect(set.take(postingsOf(many.slice(1)))).toBe(true)
  expect(docsOf(set.cursor())).toEqual(many.slice(1))
})

test('an empty set is at its end', () => {
  expect(createDocSet(SIZE).cursor().doc).toBe(NO_DOC)
})
