import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import { dirname, join } from 'node:path'
import type { Hono } from 'hono'
import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import type { TlsConfig } from '../config.ts'
import { ownHosts } from '../http/own-hosts.ts'
import type { Log } from '../log.ts'
import { openAuthority } from './authority.ts'
import { openCertificateFiles } from './certificate-files.ts'
import type { CertificateSource } from './certificate-source.ts'
import { openLocalCertificates } from './local-certificates.ts'
import { ownNames, type Surroundings } from './own-names.ts'
import { createSecureAppServer, type SecureServer } from './secure-server.ts'
import { setUpRoutes } from './set-up-routes.ts'

export type HttpsOptions = {
  readonly tls: Exclude<TlsConfig, { readonly mode: 'off' }>
  readonly allowedHosts: readonly string[]
  readonly databasePath: string
  readonly styleSheets: readonly string[]
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly log: Log
  readonly surroundings?: Surroundings
}

/** HTTPS, ready for its port. */
export type Https = {
  /** The set-up page and what it offers, for both ports. */
  readonly routes: Hono
  readonly isTransportStrict: boolean
  /** The authority's; null when the certificate is the person's own. */
  readonly fingerprint: string | null
  /** The name to tell a person; null where this machine cannot know how it is reached. */
  readonly name: () => string | null
  createServer(fetch: (request: Request) => Response | Promise<Response>): SecureServer
  stop(): void
}

type Chosen = {
  readonly certificates: CertificateSource
  readonly authority: X509Certificate | null
  readonly secureHostFor: (host: string) => string
  readonly name: () => string | null
}

/** The folder beside the database that holds the authority. It is in no backup and no export. */
function tlsFolder(databasePath: string): string {
  return join(dirname(databasePath), 'tls')
}

/** Certificates and set-up page as the configuration asks for. Throws AppError that names what cannot be used. */
export function openHttps(options: HttpsOptions): Https {
  const { certificates, authority, secureHostFor, name } =
    options.tls.mode === 'files' ? fromFiles(options, options.tls) : fromAuthority(options)
  let server: SecureServer | null = null
  const { styleSheets, tls } = options
  return {
    routes: setUpRoutes({ authority, secureHostFor, securePort: () => portOf(server) ?? tls.port, styleSheets }),
    isTransportStrict: tls.mode === 'files',
    fingerprint: authority?.fingerprint256 ?? null,
    name,
    createServer: fetch => {
      server = createSecureAppServer(fetch, certificates)
      return server
    },
    stop: () => certificates.stop(),
  }
}

function fromAuthority(options: HttpsOptions): Chosen {
  const { allowedHosts, databasePath, log, surroundings = { hostName: hostname, networkInterfaces } } = options
  const { clock, scheduler, randomBytes } = options
  const shared = { folder: tlsFolder(databasePath), clock, randomBytes, makeKey }
  const authority = openAuthority({ ...shared, hostName: surroundings.hostName() })
  const names = () => ownNames(allowedHosts, surroundings)
  const isOwnHost = ownHosts(allowedHosts)
  const certificates = openLocalCertificates({ ...shared, authority, names, isOwnHost, scheduler, log })
  const [best = 'localhost'] = names()
  // Where every private name is admitted, as in a container, the machine's own names are not those of the house.
  const isHidden = allowedHosts.includes('private')
  return {
    certificates,
    authority: authority.certificate,
    secureHostFor: host => (certificates.learn(host) ? host : (names()[0] ?? best)),
    name: () => (isHidden ? (allowedHosts.find(host => names().includes(host)) ?? null) : (names()[0] ?? best)),
  }
}

function fromFiles(options: HttpsOptions, tls: TlsConfig & { readonly mode: 'files' }): Chosen {
  const { scheduler, log } = options
  const certificates = openCertificateFiles({ certPath: tls.certPath, keyPath: tls.keyPath, scheduler, log })
  const current = () => new X509Certificate(certificates.current().cert)
  const name = () => /DNS:([^,*]+)/.exec(current().subjectAltName ?? '')?.[1] ?? null
  const covers = (host: string) => current().checkHost(host) !== undefined || current().checkIP(host) !== undefined
  return { certificates, authority: null, secureHostFor: host => (covers(host) ? host : (name() ?? host)), name }
}

function makeKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
}

function portOf(server: SecureServer | null): number | null {
  const address = server?.http.address()
  return typeof address === 'object' && address !== null ? address.port : null
}
