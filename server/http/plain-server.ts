import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { SECURITY_HEADERS } from './headers.ts'

type Incoming = IncomingMessage | Http2ServerRequest
type Outgoing = ServerResponse | Http2ServerResponse
type Fetch = (request: Request) => Response | Promise<Response>

/** A slow sender holds a line no longer than this. */
const LONGEST_HEAD_MS = 15_000
const LONGEST_REQUEST_MS = 60_000

/** What both kinds of server have in common for HTTP/1.1. */
export const HTTP1_OPTIONS = {
  headersTimeout: LONGEST_HEAD_MS,
  requestTimeout: LONGEST_REQUEST_MS,
  // Node's own refusal carries none of our headers; ours does.
  requireHostHeader: false,
} as const

/** The application on plain HTTP/1.1. */
export function createPlainServer(fetch: Fetch): Server {
  const server = createServer(HTTP1_OPTIONS, requestListener(fetch))
  server.on('clientError', refuseUnreadable)
  return server
}

/** Hands requests to the application; what is no request at all, such as one without a host, is a 400 with our headers. */
export function requestListener(fetch: Fetch): (incoming: Incoming, outgoing: Outgoing) => Promise<void> {
  const listener = getRequestListener(fetch, {
    errorHandler: () => new Response(null, { status: 400, headers: Object.fromEntries(SECURITY_HEADERS) }),
  })
  return (incoming, outgoing) => {
    // HTTP/2 has an authority in place of the Host header. As a header it reaches the guard as it was sent: in the URL, `127.1` has become `127.0.0.1`.
    if (incoming instanceof Http2ServerRequest && incoming.headers.host === undefined)
      incoming.rawHeaders.push('host', incoming.authority)
    return listener(incoming, outgoing)
  }
}

const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Bytes that Node cannot read as HTTP: its own answer, with our headers. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = UNREADABLE[error.code ?? ''] ?? 400
  const headers = [...SECURITY_HEADERS, ['Connection', 'close'], ['Content-Length', '0']]
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n`)
}
