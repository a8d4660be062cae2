import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'
import {
  bitString,
  boolean,
  der,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts'
import { generalName, nameConstraints } from './general-names.ts'

type Certificate = {
  readonly subject: string
  readonly issuer: string
  /** Whose certificate it is; of a private key, its public half is taken. */
  readonly key: KeyObject
  readonly signingKey: KeyObject
  /** Up to 20 random bytes. */
  readonly serialNumber: Uint8Array
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: readonly Buffer[]
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'))
const COMMON_NAME = objectIdentifier('2.5.4.3')
const SERVER_AUTHENTICATION = objectIdentifier('1.3.6.1.5.5.7.3.1')
const VERSION_3 = der(0xa0, integer(Buffer.from([2])))

/** A signed X.509 certificate (RFC 5280) for a P-256 key, in PEM. */
export function signCertificate(certificate: Certificate): string {
  const { subject, issuer, serialNumber, notBefore, notAfter, signingKey, extensions } = certificate
  const content = sequence(
    VERSION_3,
    integer(serialNumber),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer),
    sequence(time(notBefore), time(notAfter)),
    distinguishedName(subject),
    publicKeyOf(certificate.key),
    der(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', content, signingKey)
  const lines = sequence(content, ECDSA_WITH_SHA256, bitString(signature))
    .toString('base64')
    .match(/.{1,64}/g)
  return `-----BEGIN CERTIFICATE-----\n${lines?.join('\n')}\n-----END CERTIFICATE-----\n`
}

/** An authority that signs servers only, never another authority, and only for names of a home network. */
export function authorityExtensions(key: KeyObject): Buffer[] {
  return [
    extension('2.5.29.19', sequence(boolean(true), integer(Buffer.from([0]))), { isCritical: true }),
    // Signs certificates and lists of withdrawn ones: bits 5 and 6.
    extension('2.5.29.15', bitString(Buffer.from([0b0000_0110]), 1), { isCritical: true }),
    extension('2.5.29.30', nameConstraints(), { isCritical: true }),
    extension('2.5.29.14', octetString(keyIdentifier(key)), { isCritical: false }),
  ]
}

export function serverExtensions(hosts: readonly string[], key: KeyObject, authorityKey: KeyObject): Buffer[] {
  return [
    extension('2.5.29.19', sequence(), { isCritical: true }),
    // Signs handshakes: bit 0.
    extension('2.5.29.15', bitString(Buffer.from([0b1000_0000]), 7), { isCritical: true }),
    extension('2.5.29.37', sequence(SERVER_AUTHENTICATION), { isCritical: false }),
    extension('2.5.29.17', sequence(...hosts.map(generalName)), { isCritical: false }),
    extension('2.5.29.14', octetString(keyIdentifier(key)), { isCritical: false }),
    extension('2.5.29.35', sequence(der(0x80, keyIdentifier(authorityKey))), { isCritical: false }),
  ]
}

function extension(id: string, value: Buffer, options: { readonly isCritical: boolean }): Buffer {
  const critical = options.isCritical ? [boolean(true)] : []
  return sequence(objectIdentifier(id), ...critical, octetString(value))
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(COMMON_NAME, utf8String(commonName))))
}

function publicKeyOf(key: KeyObject): Buffer {
  return (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(publicKeyOf(key)).digest()
}
