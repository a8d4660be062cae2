import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import { errorFields, type Log } from '../log.ts'
import type { CertificateSource, KeyedCertificate } from './certificate-source.ts'

type CertificateFilesOptions = {
  readonly certPath: string
  readonly keyPath: string
  readonly scheduler: Scheduler
  readonly log: Log
}

/** Read, not watched: tools swap links, folders and mounts of which no event comes. Two small files cost nothing. */
const READ_EVERY_MS = 10_000

/**
 * A certificate that someone else renews, taken up from its two files as soon as they are new and fit together. Throws AppError
 * that names the variable when they cannot be used at the start; later, the one in use goes on.
 */
export function openCertificateFiles(options: CertificateFilesOptions): CertificateSource {
  const { scheduler, log } = options
  const listeners = new Set<(next: KeyedCertificate) => void>()
  let current = read(options)
  let isComplainedOf = false

  function check(): void {
    try {
      const next = read(options)
      isComplainedOf = false
      if (next.cert !== current.cert || next.key !== current.key) {
        current = next
        log.info('certificate-renewed', { until: new X509Certificate(next.cert).validToDate.toISOString() })
        for (const listener of listeners) listener(next)
      }
    } catch (error) {
      // One of the two may have been written and the other not yet: said once, tried on.
      if (!isComplainedOf) log.warn('certificate-files-unusable', errorFields(error))
      isComplainedOf = true
    }
    cancel = scheduler.after(READ_EVERY_MS, check)
  }

  let cancel = scheduler.after(READ_EVERY_MS, check)
  return {
    current: () => current,
    onChange: listener => void listeners.add(listener),
    stop: () => {
      cancel()
      listeners.clear()
    },
  }
}

function read({ certPath, keyPath }: CertificateFilesOptions): KeyedCertificate {
  const cert = readFrom('TLS_CERT', certPath)
  const key = readFrom('TLS_KEY', keyPath)
  const certificate = parsed('TLS_CERT', 'a certificate in PEM', () => new X509Certificate(cert))
  const privateKey = parsed('TLS_KEY', 'a private key in PEM, without a password', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) throw unusable('TLS_KEY', 'the key of the certificate in TLS_CERT')
  return { cert, key }
}

function readFrom(variable: string, path: string): string {
  return parsed(variable, 'a file that this user may read', () => readFileSync(path, 'utf8'))
}

function parsed<Value>(variable: string, right: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (cause) {
    throw unusable(variable, right, cause)
  }
}

function unusable(variable: string, right: string, cause?: unknown): AppError {
  return new AppError('bad-request', `${variable} cannot be used. It should name ${right}.`, { field: variable, cause })
}
