import { expect, test } from 'vitest'
import type { ProviderEvent } from '../../server/providers/provider.ts'
import { type AnswerReader, readAnswer } from '../../server/providers/read-answer.ts'
import { AppError } from '../../shared/errors.ts'

const FAILURE = new AppError('provider-failed', 'The provider said no.')

/** Each byte is a letter of the answer; `!` fails, `.` ends it. */
function createLetterReader(): AnswerReader {
  let isFinished = false
  return {
    push(bytes, events) {
      for (const letter of new TextDecoder().decode(bytes)) {
        if (letter === '!') throw FAILURE
        if (letter === '.') isFinished = true
        else events.push({ type: 'text', text: letter })
      }
    },
    end: events => void events.push({ type: 'text', text: '(end)' }),
    isFinished: () => isFinished,
  }
}

/** Reads pieces of text to their end and gives the text of each batch, with the error that came last. */
async function read(pieces: readonly (string | Error)[], stop = new AbortController()) {
  const state = { isClosed: false }
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece
        yield new TextEncoder().encode(piece)
      }
    } finally {
      state.isClosed = true
    }
  }
  const batches: string[] = []
  let error: unknown = null
  try {
    for await (const batch of readAnswer(body(), {
      provider: 'Test',
      reader: createLetterReader(),
      signal: stop.signal,
    })) {
      batches.push(textOf(batch))
      if (textOf(batch).endsWith('#')) stop.abort()
    }
  } catch (thrown) {
    error = thrown
  }
  return { batches, error, isClosed: state.isClosed }
}

function textOf(batch: readonly ProviderEvent[]): string {
  return batch.map(event => (event.type === 'text' ? event.text : '')).join('')
}

test('gives one batch for each piece, also an empty one', async () => {
  expect(await read(['ab', '', 'c.'])).toEqual({ batches: ['ab', '', 'c'], error: null, isClosed: true })
})

test('closes the line after the terminal event', async () => {
  expect(await read(['a.', 'b', 'c'])).toEqual({ batches: ['a'], error: null, isClosed: true })
})

test('gives what came before a failure in the same piece', async () => {
  expect(await read(['a', 'b!c'])).toEqual({ batches: ['a', 'b'], error: FAILURE, isClosed: true })
})

test('gives what was held back, then fails, when the line ends without a terminal event', async () => {
  const { batches, error } = await read(['a'])

  expect(batches).toEqual(['a', '(end)'])
  expect(error).toMatchObject({ code: 'provider-incomplete' })
})

test('fails as incomplete when the line breaks', async () => {
  const broken = new TypeError('terminated')

  expect((await read(['a', broken])).error).toMatchObject({ code: 'provider-incomplete', cause: broken })
})

test('ends without an error when it was stopped', async () => {
  expect(await read(['a', 'b#', 'c'])).toEqual({ batches: ['a', 'b#'], error: null, isClosed: true })
  expect((await read(['a#', new TypeError('aborted')])).error).toBeNull()
})
