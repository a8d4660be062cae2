import { describe, expect, test } from 'vitest'
import { type CallReport, createApi } from '../../../client/api/api-client.ts'

function apiThat(answer: () => Promise<Response>, hasNetwork = true) {
  const reports: CallReport[] = []
  const sent: { url: string; init: RequestInit | undefined }[] = []
  const api = createApi({
    fetch: (url, init) => {
      sent.push({ url: String(url), init })
      return answer()
    },
    clock: { now: () => 0 },
    hasNetwork: () => hasNetwork,
    onReport: report => reports.push(report),
  })
  return { api, reports, sent }
}
const json = (status: number, body: unknown) => async () => Response.json(body, { status })
const asIs = (value: unknown) => value

describe('a call', () => {
  test('sends JSON', async () => {
    const { api, sent } = apiThat(json(200, {}))
    await api.call('/api/x', asIs, { method: 'POST', body: { a: 1 } })
    expect(sent[0]?.init).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json' },
    })
  })

  test('tells a device without network from a server that does not answer', async () => {
    const broken = async () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await apiThat(broken, false).api.call('/x', asIs)).toEqual({ ok: false, failure: { kind: 'offline' } })
    expect(await apiThat(broken, true).api.call('/x', asIs)).toEqual({ ok: false, failure: { kind: 'silent' } })
  })

  test('gives a refusal with its reason, which came over a sound way', async () => {
    const error = { code: 'rate-limited', message: 'Too many requests.', retryable: true }
    const { api, reports } = apiThat(json(429, { error }))
    expect(await api.call('/x', asIs)).toEqual({
      ok: false,
      failure: { kind: 'refused', status: 429, error },
    })
    expect(reports).toEqual([{ ok: true, latencyMs: 0 }])
  })

  test('calls a proxy error page broken', async () => {
    const { api } = apiThat(async () => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    expect(await api.call('/x', asIs)).toEqual({ ok: false, failure: { kind: 'broken', status: 502 } })
  })

  test('calls an answer of another shape broken', async () => {
    const { api } = apiThat(json(200, { unexpected: true }))
    const outcome = await api.call('/x', () => {
      throw new Error('not the agreed shape')
    })
    expect(outcome).toEqual({ ok: false, failure: { kind: 'broken', status: 200 } })
  })
})
