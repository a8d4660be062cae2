import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import type { IsOwnHost } from '../http/own-hosts.ts'
import { errorFields, type Log } from '../log.ts'
import { writeSecret } from '../write-secret.ts'
import { type Authority, BACKDATED_MS } from './authority.ts'
import { serverExtensions, signCertificate } from './certificate.ts'
import type { CertificateSource, KeyedCertificate } from './certificate-source.ts'
import { isPermitted } from './own-names.ts'

export interface LocalCertificates extends CertificateSource {
  /** Takes a host under which somebody has reached this machine into the certificate. False where the authority may not vouch for it. */
  learn(host: string): boolean
}

export type LocalCertificatesOptions = {
  readonly folder: string
  readonly authority: Authority
  /** The hosts it must be for, as they are now. */
  readonly names: () => readonly string[]
  readonly isOwnHost: IsOwnHost
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  readonly makeKey: () => KeyObject
  readonly log: Log
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Browsers refuse a server's certificate with a longer life, as Apple's do since 2020 (support.apple.com/102028). */
const LIFE_MS = 397 * DAY_MS
const CHECK_EVERY_MS = 5 * 60 * 1000
/** In a container the machine's own addresses are learnt from visitors; nobody needs more than these. */
const MOST_LEARNT = 24

type Leaf = KeyedCertificate & {
  readonly hosts: readonly string[]
  readonly notBefore: number
  readonly notAfter: number
}

/** The server's certificate, signed by our own authority; renewed by itself when names change or a third of its life is left. */
export function openLocalCertificates(options: LocalCertificatesOptions): LocalCertificates {
  const { folder, authority, names, isOwnHost, clock, scheduler, log } = options
  const path = join(folder, 'server.pem')
  const listeners = new Set<(next: KeyedCertificate) => void>()
  const kept = readLeaf(path, authority, log)
  let learnt = (kept?.hosts ?? []).filter(isOwnHost).slice(-MOST_LEARNT)
  let leaf = kept ?? issue(wanted())

  function wanted(): readonly string[] {
    return [...new Set([...names(), ...learnt])]
  }

  function issue(hosts: readonly string[]): Leaf {
    const next = issueLeaf(hosts, options)
    writeSecret(path, `${next.key}${next.cert}`)
    log.info('certificate-renewed', { names: hosts.length, until: new Date(next.notAfter).toISOString() })
    return next
  }

  function renewIfNeeded(): void {
    const hosts = wanted()
    if (isGood(leaf, hosts, clock.now())) return
    try {
      leaf = issue(hosts)
    } catch (error) {
      // A full disk, say. The certificate in use goes on, and the next check tries again.
      log.error('certificate-not-renewed', errorFields(error))
      return
    }
    for (const listener of listeners) listener(leaf)
  }

  function check(): void {
    renewIfNeeded()
    cancel = scheduler.after(CHECK_EVERY_MS, check)
  }

  renewIfNeeded()
  let cancel = scheduler.after(CHECK_EVERY_MS, check)
  return {
    current: () => leaf,
    learn: host => {
      if (!isPermitted(host)) return false
      if (!leaf.hosts.includes(host)) learnt = [...learnt, host].slice(-MOST_LEARNT)
      renewIfNeeded()
      return leaf.hosts.includes(host)
    },
    onChange: listener => void listeners.add(listener),
    stop: () => {
      cancel()
      listeners.clear()
    },
  }
}

function isGood(leaf: Leaf, hosts: readonly string[], now: number): boolean {
  const isYoung = leaf.notAfter - now > (leaf.notAfter - leaf.notBefore) / 3
  const isSame = leaf.hosts.length === hosts.length && hosts.every(host => leaf.hosts.includes(host))
  return isYoung && isSame && leaf.notBefore <= now
}

function issueLeaf(hosts: readonly string[], options: LocalCertificatesOptions): Leaf {
  const { authority, clock, randomBytes, makeKey } = options
  const key = makeKey()
  const notBefore = clock.now() - BACKDATED_MS
  const notAfter = Math.min(notBefore + LIFE_MS, authority.certificate.validToDate.getTime())
  const cert = signCertificate({
    subject: 'LLM Router',
    issuer: commonNameOf(authority.certificate),
    key,
    signingKey: authority.key,
    serialNumber: randomBytes(16),
    notBefore,
    notAfter,
    extensions: serverExtensions(hosts, key, authority.key),
  })
  return { cert, key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), hosts, notBefore, notAfter }
}

function commonNameOf(certificate: X509Certificate): string {
  return certificate.subject.replace(/^CN=/, '')
}

/** What an earlier start left; null when there is none, or when it is of another authority or damaged: then a new one is made. */
function readLeaf(path: string, authority: Authority, log: Log): Leaf | null {
  if (!existsSync(path)) return null
  try {
    const pem = readFileSync(path, 'utf8')
    const certificate = new X509Certificate(pem)
    const key = createPrivateKey(pem)
    if (!certificate.verify(authority.certificate.publicKey) || !certificate.checkPrivateKey(key)) return null
    return {
      cert: certificate.toString(),
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      hosts: hostsOf(certificate),
      notBefore: certificate.validFromDate.getTime(),
      notAfter: certificate.validToDate.getTime(),
    }
  } catch (error) {
    log.warn('certificate-unreadable', errorFields(error))
    return null
  }
}

/** `DNS:pi.local, IP Address:192.168.1.5, IP Address:0:0:0:0:0:0:0:1`; IPv6 in the short form that browsers say. */
function hostsOf(certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '').split(', ').map(entry => {
    const host = entry.slice(entry.indexOf(':') + 1).toLowerCase()
    return host.includes(':') ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host
  })
}
