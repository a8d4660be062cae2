import { describe, expect, test } from 'vitest'
import {
  connectionFailure,
  type FailureFacts,
  incompleteAnswer,
  providerFailure,
} from '../../server/providers/failure.ts'
import type { AppError } from '../../shared/errors.ts'

const SECRET = 'sk-secret quoted prompt'

function fail(facts: Partial<FailureFacts>): AppError {
  return providerFailure({
    provider: 'OpenAI',
    keyVariable: 'OPENAI_API_KEY',
    status: 400,
    code: null,
    type: null,
    parameter: null,
    providerMessage: SECRET,
    retryAfterMs: null,
    model: 'gpt-6',
    ...facts,
  })
}

describe('a refusal', () => {
  test.each<[string, Partial<FailureFacts>, object]>([
    ['a wrong key', { status: 401 }, { code: 'provider-key-rejected', retryable: false }],
    ['a key without the right', { status: 403 }, { code: 'provider-key-rejected', retryable: false }],
    ['no such model', { status: 404 }, { code: 'unknown-model', retryable: false }],
    ['a model the key may not use', { status: 403, code: 'model_not_found' }, { code: 'unknown-model' }],
    [
      'a model that is told in words',
      { providerMessage: 'foo/bar is not a valid model ID' },
      { code: 'unknown-model' },
    ],
    ['too many requests', { status: 429 }, { code: 'rate-limited', retryable: true }],
    ['an empty account', { status: 429, code: 'insufficient_quota' }, { code: 'quota-exceeded', retryable: false }],
    ['an unpaid account', { status: 402 }, { code: 'quota-exceeded' }],
    ['credit told in words', { providerMessage: 'Your credit balance is too low' }, { code: 'quota-exceeded' }],
    ['a full context by its code', { code: 'context_length_exceeded' }, { code: 'context-too-long', retryable: false }],
    ['a full context by its type', { type: 'exceed_context_size_error' }, { code: 'context-too-long' }],
    [
      'a full context in words',
      { providerMessage: 'prompt is too long: 9 tokens > 8 maximum' },
      { code: 'context-too-long' },
    ],
    ['a body too large', { status: 413 }, { code: 'context-too-long' }],
    [
      'a parameter unknown',
      { parameter: 'temperature', code: 'unsupported_parameter' },
      { code: 'parameter-unsupported', field: 'temperature', retryable: false },
    ],
    [
      'a parameter learnt',
      { parameter: 'temperature', code: 'unsupported_parameter', learnt: true },
      { code: 'parameter-unsupported', retryable: true },
    ],
    [
      'a parameter in words',
      { providerMessage: "Unsupported parameter: 'max_tokens'" },
      { code: 'parameter-unsupported', field: 'max_output_tokens' },
    ],
    [
      'a wrong value',
      { parameter: 'reasoning.effort', code: 'invalid_value' },
      { code: 'parameter-refused', field: 'reasoning' },
    ],
    ['a wrong value of nothing that a person sets', { parameter: 'messages' }, { code: 'parameter-refused' }],
    ['filtered content', { code: 'content_filter' }, { code: 'content-refused', retryable: false }],
    ['flagged content', { status: 403, providerMessage: 'Your input was flagged' }, { code: 'content-refused' }],
    ['a full server', { status: 503 }, { code: 'provider-overloaded', retryable: true }],
    ['a full server of Anthropic', { status: 529 }, { code: 'provider-overloaded', retryable: true }],
    ['a full server within a stream', { status: null, type: 'overloaded_error' }, { code: 'provider-overloaded' }],
    ['a status within a stream', { status: null, code: '429' }, { code: 'rate-limited' }],
    ['a broken server', { status: 500 }, { code: 'provider-failed', retryable: true }],
    ['a broken stream', { status: null, type: 'server_error' }, { code: 'provider-failed', retryable: false }],
    ['a bad request', { status: 400 }, { code: 'provider-failed', retryable: false }],
  ])('%s', (_, facts, expected) => {
    const error = fail(facts)

    expect(error).toMatchObject(expected)
    expect(error.message).not.toContain('secret')
    expect(error.message).toMatch(/saved/)
  })

  test('says what happened, what is kept and what to do', () => {
    expect(fail({ status: 401 }).message).toBe(
      "OpenAI rejected the key (status 401). Your prompt is saved. Check OPENAI_API_KEY in the server's environment, then restart the server.",
    )
    expect(fail({ status: 429, retryAfterMs: 19_200 }).message).toBe(
      'OpenAI stopped the request: too many requests on your key (status 429). Your prompt is saved. Try again in 20 s.',
    )
  })

  test('tells the two counts of a full context, and no more', () => {
    const told = fail({ providerMessage: `prompt is too long: 3333404 tokens > 200000 maximum ${SECRET}` })

    expect(told.message).toContain('(3333404 tokens, at most 200000)')
    expect(told.message).not.toContain('secret')
  })

  test('shows a parameter’s name only where it can be nothing else', () => {
    expect(fail({ parameter: 'stream_options', code: 'unknown_parameter' }).message).toContain('stream_options')
    expect(fail({ parameter: 'messages[0].content: Hi', code: 'unknown_parameter' }).message).not.toContain('Hi')
  })

  test('carries the wait that the provider asked for', () => {
    expect(fail({ status: 429, retryAfterMs: 150 }).retryAfterMs).toBe(150)
  })
})

describe('a call that found nobody', () => {
  const hidden = (code: string): Error =>
    new Error('Connection error.', {
      cause: new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }),
    })

  test.each([
    'ENOTFOUND',
    'ECONNREFUSED',
    'EAI_AGAIN',
    'CERT_HAS_EXPIRED',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('may be sent again after %s: nothing has arrived', code => {
    expect(connectionFailure('OpenAI', hidden(code), { started: false })).toMatchObject({
      code: 'provider-unreachable',
      retryable: true,
    })
  })

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ETIMEDOUT'])(
    'may not be sent again after %s: it may have arrived',
    code => {
      expect(connectionFailure('OpenAI', hidden(code), { started: false })).toMatchObject({
        code: 'provider-unreachable',
        retryable: false,
      })
    },
  )

  test('is read from the first of several addresses', () => {
    const cause = new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' })])

    expect(connectionFailure('OpenAI', cause, { started: false }).retryable).toBe(true)
  })

  test('is a broken answer once it had begun', () => {
    expect(connectionFailure('OpenAI', hidden('ECONNRESET'), { started: true }).code).toBe('provider-incomplete')
  })

  test('keeps the cause', () => {
    const cause = hidden('EPIPE')

    expect(incompleteAnswer('OpenAI', cause).cause).toBe(cause)
  })
})
