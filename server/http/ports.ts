import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { AppError } from '#shared/errors.ts'
import type { Https } from '../tls/open-https.ts'
import { createPlainServer } from './plain-server.ts'

type Listener = {
  listen(port: number, host: string): unknown
  address(): AddressInfo | string | null
}

/** The open ports of a running server. */
export type Ports = {
  readonly plain: number
  /** Null where HTTPS is off. */
  readonly secure: number | null
  /** Takes no more requests; what is going on may end. */
  close(): void
  /** Cuts every line that is still there. */
  cut(): void
}

export type PortsOptions = {
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly host: string
  readonly port: number
  readonly https: { readonly port: number; readonly create: Https['createServer'] } | null
}

/** Opens the plain port and, where it is wanted, the one for HTTPS. Throws AppError `conflict` that names the variable when one is taken. */
export async function openPorts({ fetch, host, port, https }: PortsOptions): Promise<Ports> {
  const plain = createPlainServer(fetch)
  const plainPort = await listen(plain, { host, port, variable: 'PORT' })
  if (!https)
    return { plain: plainPort, secure: null, close: () => plain.close(), cut: () => plain.closeAllConnections() }
  const secure = https.create(fetch)
  const closeBoth = () => {
    plain.close()
    secure.close()
  }
  const cutBoth = () => {
    plain.closeAllConnections()
    secure.cut()
  }
  try {
    const securePort = await listen(secure.http, { host, port: https.port, variable: 'TLS_PORT' })
    return { plain: plainPort, secure: securePort, close: closeBoth, cut: cutBoth }
  } catch (error) {
    closeBoth()
    throw error
  }
}

async function listen(
  server: Listener & NodeJS.EventEmitter,
  at: { readonly host: string; readonly port: number; readonly variable: string },
): Promise<number> {
  const listening = once(server, 'listening')
  server.listen(at.port, at.host)
  await listening.catch(error => Promise.reject(explain(error, at.variable)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The port has no address')
  return address.port
}

function explain(error: unknown, variable: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error
  return new AppError(
    'conflict',
    `${variable} is taken by another program. Stop it, or set ${variable} to a free one.`,
    { field: variable, cause: error },
  )
}
