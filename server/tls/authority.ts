import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, RandomBytes } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { writeSecret } from '../write-secret.ts'
import { authorityExtensions, signCertificate } from './certificate.ts'

/** The household's own authority: devices that trust it trust every certificate it signs, which are ours alone. */
export type Authority = {
  readonly certificate: X509Certificate
  readonly pem: string
  readonly key: KeyObject
}

export type AuthorityOptions = {
  readonly folder: string
  readonly hostName: string
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** A fresh P-256 private key. */
  readonly makeKey: () => KeyObject
}

const DAY_MS = 24 * 60 * 60 * 1000
const LIFE_MS = 3652 * DAY_MS
/** A Pi has no clock of its own: one that starts a little in the past must not find its certificates not yet valid. */
export const BACKDATED_MS = DAY_MS

/** Key and certificate in one file, so that no power cut leaves one without the other. */
const AUTHORITY_NAME = 'authority.pem'

/** The authority in the folder; made there at the first start, and again when it has run out. Throws AppError when it cannot be read. */
export function openAuthority(options: AuthorityOptions): Authority {
  const { folder, clock } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const path = join(folder, AUTHORITY_NAME)
  const known = existsSync(path) ? readAuthority(path) : null
  if (known && known.certificate.validToDate.getTime() > clock.now()) return known
  const made = makeAuthority(options)
  writeSecret(path, `${made.key.export({ type: 'pkcs8', format: 'pem' })}${made.pem}`)
  return made
}

function makeAuthority({ hostName, clock, randomBytes, makeKey }: AuthorityOptions): Authority {
  const key = makeKey()
  const now = clock.now()
  const subject = `LLM Router on ${hostName}`.slice(0, 64)
  const pem = signCertificate({
    subject,
    issuer: subject,
    key,
    signingKey: key,
    serialNumber: randomBytes(16),
    notBefore: now - BACKDATED_MS,
    notAfter: now + LIFE_MS,
    extensions: authorityExtensions(key),
  })
  return { certificate: new X509Certificate(pem), pem, key }
}

function readAuthority(path: string): Authority {
  try {
    chmodSync(path, 0o600)
    const text = readFileSync(path, 'utf8')
    const certificate = new X509Certificate(text)
    const key = createPrivateKey(text)
    if (!certificate.checkPrivateKey(key)) throw new Error('The key is another one')
    return { certificate, pem: certificate.toString(), key }
  } catch (cause) {
    // Making another one unasked would break the trust of every device that is set up.
    throw new AppError(
      'internal',
      `${path} cannot be read. Put it back, or remove it to begin with a new authority, which every device has to trust anew.`,
      { cause },
    )
  }
}
