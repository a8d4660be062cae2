import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { HTTP1_OPTIONS, refuseUnreadable, requestListener } from '../http/plain-server.ts'
import type { CertificateSource } from './certificate-source.ts'

export type SecureServer = {
  readonly http: Http2SecureServer
  /** Takes no more requests; what is going on may end. */
  close(): void
  cut(): void
}

/** Node's own limit is four thousand million; a device has a handful of streams. */
const MOST_STREAMS = 256

const TLS_OPTIONS = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const

/** The application on HTTPS, over HTTP/2 and HTTP/1.1. A new certificate of the source is taken up without closing a line. */
export function createSecureAppServer(
  fetch: (request: Request) => Response | Promise<Response>,
  certificates: CertificateSource,
): SecureServer {
  const sessions = new Set<ServerHttp2Session>()
  const lines = new Set<Socket>()
  const options = { ...HTTP1_OPTIONS, ...TLS_OPTIONS, ...certificates.current(), allowHTTP1: true }
  const http = createSecureServer(
    { ...options, settings: { maxConcurrentStreams: MOST_STREAMS } },
    requestListener(fetch),
  )
  http.on('clientError', refuseUnreadable)
  http.on('secureConnection', line => {
    lines.add(line)
    line.on('close', () => lines.delete(line))
  })
  http.on('session', session => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
  })
  certificates.onChange(next => http.setSecureContext({ ...TLS_OPTIONS, ...next }))
  return {
    http,
    close: () => {
      http.close()
      for (const session of sessions) session.close()
    },
    cut: () => {
      for (const line of lines) line.destroy()
    },
  }
}
