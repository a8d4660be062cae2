import { isIP, isIPv4 } from 'node:net'
import { PRIVATE_SUBNETS } from '../hosts/private-addresses.ts'
import { der, sequence } from './der.ts'

/** Endings under which the public internet has no names; what our authority may vouch for, beside private addresses. */
const PERMITTED_DOMAINS = ['localhost', 'local', 'lan', 'internal', 'home.arpa']

/** A host as a certificate names it. */
export function generalName(host: string): Buffer {
  return isIP(host) === 0 ? der(0x82, Buffer.from(host)) : der(0x87, addressBytes(host))
}

/** True for a name, lower-case, that is one of the permitted domains or under one. */
export function isPermittedDomain(name: string): boolean {
  return PERMITTED_DOMAINS.some(domain => name === domain || name.endsWith(`.${domain}`))
}

/** RFC 5280 §4.2.1.10: nothing outside these, whoever has the authority's key. */
export function nameConstraints(): Buffer {
  const names = PERMITTED_DOMAINS.map(domain => der(0x82, Buffer.from(domain)))
  const addresses = PRIVATE_SUBNETS.map(({ address, prefix, family }) =>
    der(0x87, addressBytes(address), mask(prefix, family === 'ipv4' ? 4 : 16)),
  )
  return sequence(der(0xa0, ...[...names, ...addresses].map(name => sequence(name))))
}

function addressBytes(address: string): Uint8Array {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number)
  // The URL parser writes the last four bytes in groups too, if they came as an IPv4 address.
  const [left = '', right = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [head, tail] = [groups(left), groups(right)]
  return Uint8Array.from([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail])
}

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(group => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

function mask(prefix: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8))
    return 0xff & (0xff << (8 - bits))
  })
}
