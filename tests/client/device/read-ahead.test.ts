import { expect, test } from 'vitest'
import { createAheadReader } from '../../../client/device/read-ahead.ts'

/** A reader that counts what it reads, and its clock. */
function setUp() {
  const asked: string[] = []
  let nowMs = 0
  const reader = createAheadReader(
    async (id: string) => {
      asked.push(id)
      if (id === 'broken') throw new Error('cannot be read')
      return `${id} ${asked.length}`
    },
    { now: () => nowMs },
  )
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { reader, asked, pass }
}

test('gives what was begun, and reads it once', async () => {
  const { reader, asked, pass } = setUp()

  reader.begin('chat')
  pass(100)

  expect(await reader.take('chat')).toBe('chat 1')
  expect(asked).toEqual(['chat'])
})

test('reads anew when it is asked a second time', async () => {
  const { reader } = setUp()

  reader.begin('chat')
  await reader.take('chat')

  expect(await reader.take('chat')).toBe('chat 2')
})

test('reads anew when what was begun may have changed since', async () => {
  const { reader, pass } = setUp()

  reader.begin('chat')
  pass(1_000)

  expect(await reader.take('chat')).toBe('chat 2')
})

test('reads what is asked for when something else was begun', async () => {
  const { reader, asked } = setUp()

  reader.begin('other')

  expect(await reader.take('chat')).toBe('chat 2')
  expect(asked).toEqual(['other', 'chat'])
})

test('tells of a failure whoever asks', async () => {
  const { reader } = setUp()

  reader.begin('broken')

  await expect(reader.take('broken')).rejects.toThrow('cannot be read')
})
