import { describe, expect, test } from 'vitest'
import { createEventStreamDecoder, type ServerSentEvent } from '../../shared/event-stream.ts'

const encoder = new TextEncoder()

/** Decodes a text that comes in pieces of so many bytes. */
function decode(text: string, pieceBytes: number): { events: ServerSentEvent[]; isCut: boolean } {
  const decoder = createEventStreamDecoder()
  const bytes = encoder.encode(text)
  const events: ServerSentEvent[] = []
  for (let at = 0; at < bytes.length; at += pieceBytes)
    events.push(...decoder.push(bytes.subarray(at, at + pieceBytes)))
  return { events, isCut: decoder.end() }
}

const WHOLE = 1_000_000

describe.each([1, 2, 3, 7, WHOLE])('in pieces of %i bytes', size => {
  test('reads signs of several bytes', () => {
    const { events } = decode('data: 水 👩‍🍳 é\n\n', size)

    expect(events).toEqual([{ event: 'message', data: '水 👩‍🍳 é', id: '' }])
  })

  test('takes \\n, \\r\\n and \\r for the end of a line', () => {
    const { events } = decode('data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n', size)

    expect(events.map(event => event.data)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('joins data lines, keeps the id for later events, and forgets the name', () => {
    const { events } = decode('id: 3.7\nevent: token\ndata: one\ndata:two\ndata\n\ndata: three\n\n', size)

    expect(events).toEqual([
      { event: 'token', data: 'one\ntwo\n', id: '3.7' },
      { event: 'message', data: 'three', id: '3.7' },
    ])
  })

  test('passes over a mark at the start, comments, unknown fields, ids with a null sign and events without data', () => {
    const { events } = decode('\uFEFF: hello\n\nretry: 10\nid: a\0b\nevent: ping\n\ndata: {"a": 1}\n\n', size)

    expect(events).toEqual([{ event: 'message', data: '{"a": 1}', id: '' }])
  })

  test.each([
    ['', false],
    ['data: a\n\n', false],
    [': comment\n', false],
    ['data: a', true],
    ['data: a\n', true],
    ['data: a\n\ndata: b\n', true],
  ])('knows whether %j broke off inside an event', (text, isCut) => {
    expect(decode(text, size).isCut).toBe(isCut)
  })
})

test('knows a sign of several bytes that was cut', () => {
  const decoder = createEventStreamDecoder()

  decoder.push(encoder.encode('data: é').subarray(0, 7))

  expect(decoder.end()).toBe(true)
})

test('takes one space from the front of a value, no more', () => {
  expect(decode('data:  a \n\n', WHOLE).events[0]?.data).toBe(' a ')
})

test.each([
  ['one line', 'data: '],
  ['many lines', 'data: x\ndata: '],
])('refuses an event of more than 16 MiB on %s', (_, start) => {
  const decoder = createEventStreamDecoder()
  const mebibyte = encoder.encode('x'.repeat(1024 * 1024))
  decoder.push(encoder.encode(start))

  expect(() => {
    for (let count = 0; count < 17; count++) decoder.push(mebibyte)
  }).toThrow(expect.objectContaining({ code: 'too-large' }))
})
