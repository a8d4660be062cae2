import { expect, test } from 'vitest'
import { readTags } from '#shared/tags.ts'

test('reads words between spaces and commas, with and without #, once each and in lower case', () => {
  expect(readTags(' #Home,work  ##home 日本 ')).toEqual({ tags: ['home', 'work', '日本'] })
  expect(readTags('')).toEqual({ tags: [] })
})

test('names the word that cannot be a tag', () => {
  expect(readTags('home a/b')).toEqual({ problem: '“a/b” cannot be a tag: at most 50 characters, no slash.' })
  expect(readTags('x'.repeat(51))).toHaveProperty('problem')
})
