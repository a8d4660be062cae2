import { Hono } from 'hono'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/errors.ts'
import { errorResponse } from '../../server/http/errors.ts'
import { readBody, readQuery } from '../../server/http/read-body.ts'

const bodySchema = v.strictObject({
  name: v.pipe(v.string('text'), v.minLength(1, 'text that is not empty')),
  size: v.optional(v.number('a number')),
  inner: v.optional(v.strictObject({ list: v.array(v.number('a number'), 'an array of numbers') })),
})
const querySchema = v.strictObject({ q: v.optional(v.string('text')), limit: v.optional(v.string('text'), '20') })

const app = new Hono()
  .post('/', async context => context.json(await readBody(context, bodySchema)))
  .get('/', context => context.json(readQuery(context, querySchema)))
app.onError((error, context) => {
  if (error instanceof AppError) return errorResponse(context, error)
  throw error
})

async function post(
  body: string | Uint8Array<ArrayBuffer> | null,
  type: string | null = 'application/json',
): Promise<unknown> {
  const answer = await app.request('/', {
    method: 'POST',
    body,
    headers: type === null ? {} : { 'content-type': type },
  })
  return answer.json()
}

describe('a body', () => {
  test('that fits is given as it is', async () => {
    const body = { name: 'Ünïcödé 東京 😀', size: 0, inner: { list: [1, 2.5, -0] } }

    expect(await post(JSON.stringify(body))).toEqual({ ...body, inner: { list: [1, 2.5, 0] } })
  })

  test.each<[what: string, body: string, message: string, field?: string]>([
    ['a field that is missing', '{}', 'name is missing.', 'name'],
    ['a field of the wrong type', '{"name":7}', 'name should be text.', 'name'],
    ['a field that is empty', '{"name":""}', 'name should be text that is not empty.', 'name'],
    ['a field that there is not', '{"name":"a","nam":1}', 'nam should be left out: there is no such field.', 'nam'],
    ['a field of a list', '{"name":"a","inner":{"list":[1,"2"]}}', 'inner.list.1 should be a number.', 'inner.list.1'],
    ['a missing field inside', '{"name":"a","inner":{}}', 'inner.list is missing.', 'inner.list'],
    ['no object inside', '{"name":"a","inner":7}', 'inner should be an object.', 'inner'],
    [
      'an unknown field inside',
      '{"name":"a","inner":{"list":[],"x":1}}',
      'inner.x should be left out: there is no such field.',
      'inner.x',
    ],
    ['a list', '[]', 'The body should be a JSON object.'],
    ['null', 'null', 'The body should be a JSON object.'],
    ['a text', '"name"', 'The body should be a JSON object.'],
  ])('with %s is refused by name', async (_, body, message, field) => {
    expect(await post(body)).toEqual({
      error: { code: 'bad-request', message, ...(field === undefined ? {} : { field }), retryable: false },
    })
  })

  test.each([
    ['nothing, where its type says JSON', ''],
    ['half an object', '{"name":'],
    ['something behind the object', '{"name":"a"}x'],
  ])('that is %s is no JSON', async (_, body) => {
    expect(await post(body)).toEqual({
      error: { code: 'bad-json', message: 'The body should be JSON.', retryable: false },
    })
  })

  test('may be left out with its type, and then has no field', async () => {
    expect(await post(null, null)).toMatchObject({ error: { message: 'name is missing.' } })
  })

  test('in another encoding is refused, whether it is a broken one or a whole other', async () => {
    for (const body of [Buffer.from('{"name":"caf\xe9"}', 'latin1'), Buffer.from('\ufeff{"name":"a"}', 'utf16le')]) {
      expect(await post(new Uint8Array(body))).toMatchObject({
        error: { code: 'bad-json', message: 'The body should be JSON in UTF-8.' },
      })
    }
  })

  test('may begin with a byte order mark', async () => {
    expect(await post('\ufeff{"name":"a"}')).toEqual({ name: 'a' })
  })

  test.each([
    [100, 'bad-request'],
    [101, 'bad-json'],
    [100_000, 'bad-json'],
  ])('nested %i deep is refused as %s', async (depth, code) => {
    expect(await post(`${'['.repeat(depth)}${']'.repeat(depth)}`)).toMatchObject({ error: { code } })
  })

  test('may hold any number of brackets in its texts', async () => {
    const name = `${'[{'.repeat(1000)}\\"[\\\\`

    expect(await post(JSON.stringify({ name }))).toEqual({ name })
  })

  test('cannot reach the prototype of anything', async () => {
    expect(await post('{"name":"a","__proto__":{"size":1}}')).toMatchObject({ error: { field: '__proto__' } })
    expect(Object.hasOwn(Object.prototype, 'size')).toBe(false)
  })
})

describe('a query', () => {
  test.each([
    ['/?q=a+b%20c%26d', { q: 'a b c&d', limit: '20' }],
    ['/?q=%F0%9F%98%80', { q: '😀', limit: '20' }],
    ['/?q', { q: '', limit: '20' }],
    ['/', { limit: '20' }],
  ])('%s is read', async (path, values) => {
    expect(await (await app.request(path)).json()).toEqual(values)
  })

  test.each([
    ['/?q=1&q=2', 'q should stand once.', 'q'],
    ['/?q=1&Q=2', 'Q should be left out: there is no such field.', 'Q'],
    ['/?__proto__=1', '__proto__ should be left out: there is no such field.', '__proto__'],
    ['/?hasOwnProperty=1', 'hasOwnProperty should be left out: there is no such field.', 'hasOwnProperty'],
  ])('%s is refused by name', async (path, message, field) => {
    expect(await (await app.request(path)).json()).toEqual({
      error: { code: 'bad-request', message, field, retryable: false },
    })
  })
})
