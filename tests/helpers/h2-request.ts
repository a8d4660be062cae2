import { type ClientHttp2Session, connect } from 'node:http2'
import type { RawAnswer } from './raw-request.ts'

/** A line for many requests, which trusts the given authority alone. */
export function openH2(url: string, authority: string): ClientHttp2Session {
  const session = connect(url, { ca: authority })
  // What goes wrong is said to the request that meets it.
  session.on('error', () => undefined)
  return session
}

/**
 * A request over HTTP/2 with headers as an HTTP/1.1 client would name them, `Host` as its authority. What the protocol itself
 * refuses, and the server resets, is a 400 here.
 */
export async function h2Request(
  session: ClientHttp2Session,
  request: {
    readonly method: string
    readonly path: string
    readonly headers: readonly (readonly [name: string, value: string])[]
    readonly body?: string
  },
): Promise<RawAnswer> {
  const stream = session.request(headersOf(request), { endStream: request.body === undefined })
  if (request.body !== undefined) stream.end(request.body)
  return new Promise(resolve => {
    const headers = new Map<string, string>()
    let body = ''
    let status = 400
    stream.setEncoding('utf8')
    stream.on('response', received => {
      status = Number(received[':status'])
      for (const [name, value] of Object.entries(received)) headers.set(name, String(value))
      // An event stream need not end.
      if (headers.get('content-type')?.startsWith('text/event-stream')) stream.close()
    })
    stream.on('data', (text: string) => {
      body += text
    })
    stream.on('error', () => stream.destroy())
    stream.on('close', () => resolve({ status, headers, body }))
  })
}

function headersOf(request: {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
}): Record<string, string | string[]> {
  const sent: Record<string, string | string[]> = {
    ':method': request.method,
    ':path': request.path,
    ':scheme': 'https',
  }
  const values = Map.groupBy(request.headers, ([name]) => name.toLowerCase())
  for (const [name, pairs] of values) {
    const [first = '', ...others] = pairs.map(([, value]) => value)
    if (name !== 'host') sent[name] = others.length === 0 ? first : [first, ...others]
    else sent[':authority'] = first
    if (name === 'host' && others.length > 0) sent['host'] = others
  }
  return sent
}
