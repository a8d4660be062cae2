import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkServerIdentity, connect, createServer } from 'node:tls'
import type { KeyedCertificate } from '../../server/tls/certificate-source.ts'
import type { Surroundings } from '../../server/tls/own-names.ts'

export const makeKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
export { randomBytes }

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'llm-router-tls-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A machine on a home network, whose name and addresses a test may change. */
export function fakeSurroundings(): Surroundings & { name: string; addresses: string[] } {
  const machine = {
    name: 'Raspberry',
    addresses: ['192.168.7.5', 'fd00::7:5'],
    hostName: () => machine.name,
    networkInterfaces: () => ({
      lo: [entry('127.0.0.1', true)],
      eth0: machine.addresses.map(address => entry(address, false)),
    }),
  }
  return machine
}

function entry(address: string, internal: boolean) {
  const shared = { address, netmask: '', mac: '', internal, cidr: null }
  return address.includes(':')
    ? { ...shared, family: 'IPv6' as const, scopeid: 0 }
    : { ...shared, family: 'IPv4' as const }
}

/**
 * Has a server with this certificate and a client that trusts the authority alone meet under a name; says `trusted`, or why
 * OpenSSL, or Node's check of the name, refuses.
 */
export async function shakeHands(authority: string, certificate: KeyedCertificate, host: string): Promise<string> {
  const server = createServer(certificate)
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const socket = connect({
    port: port ?? 0,
    host: '127.0.0.1',
    ca: authority,
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_, peer) => checkServerIdentity(host, peer),
  })
  try {
    await once(socket, 'secureConnect')
    return 'trusted'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return 'code' in error && String(error.code).startsWith('ERR_TLS') ? String(error.code) : error.message
  } finally {
    socket.destroy()
    server.close()
  }
}
