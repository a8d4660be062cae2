import { type KeyObject, X509Certificate } from 'node:crypto'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ownHosts } from '../../../server/http/own-hosts.ts'
import { createLog } from '../../../server/log.ts'
import { type Authority, openAuthority } from '../../../server/tls/authority.ts'
import { authorityExtensions, serverExtensions, signCertificate } from '../../../server/tls/certificate.ts'
import type { KeyedCertificate } from '../../../server/tls/certificate-source.ts'
import { type LocalCertificates, openLocalCertificates } from '../../../server/tls/local-certificates.ts'
import { ownNames } from '../../../server/tls/own-names.ts'
import { createManualScheduler } from '../../client/sync-host/manual-scheduler.ts'
import { fakeSurroundings, makeKey, randomBytes, shakeHands, temporaryFolder } from '../../helpers/authority.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Whole seconds, as certificates count. */
const START = Math.floor(Date.now() / 1000) * 1000

let folder: ReturnType<typeof temporaryFolder>
let machine: ReturnType<typeof fakeSurroundings>
let time: ReturnType<typeof createManualScheduler>
let now: number
let lines: string[]

beforeEach(() => {
  folder = temporaryFolder()
  machine = fakeSurroundings()
  time = createManualScheduler()
  now = START
  lines = []
})

afterEach(() => folder.remove())

const clock = { now: () => now }
const keys = () => join(folder.path, 'tls')
const open = () => openAuthority({ folder: keys(), hostName: machine.name, clock, randomBytes, makeKey })

function certificates(authority: Authority, allowed: readonly string[] = []): LocalCertificates {
  return openLocalCertificates({
    folder: keys(),
    authority,
    names: () => ownNames(allowed, machine),
    isOwnHost: ownHosts(allowed),
    clock,
    scheduler: time.scheduler,
    randomBytes,
    makeKey,
    log: createLog({ write: line => lines.push(line), now: clock.now, secrets: [] }),
  })
}

const leafOf = (source: LocalCertificates) => new X509Certificate(source.current().cert)

/** A certificate that the authority's own key has signed, for whatever name. */
function forge(authority: Authority, host: string): KeyedCertificate {
  const key = makeKey()
  const cert = signCertificate({
    subject: 'LLM Router',
    issuer: nameOf(authority),
    key,
    signingKey: authority.key,
    serialNumber: randomBytes(16),
    notBefore: Date.now() - DAY_MS,
    notAfter: Date.now() + DAY_MS,
    extensions: serverExtensions([host], key, authority.key),
  })
  return { cert, key: pemOf(key) }
}

const nameOf = (authority: Authority) => authority.certificate.subject.replace('CN=', '')
const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

describe('the authority', () => {
  test('is made once, and is the same at the next start', () => {
    const first = open()

    expect(open().certificate.fingerprint256).toBe(first.certificate.fingerprint256)
    expect(first.certificate.subject).toBe('CN=LLM Router on Raspberry')
    expect(first.certificate.ca).toBe(true)
  })

  test('lives ten years, and lies in a file that only its owner may read', () => {
    const { certificate } = open()

    const years = (certificate.validToDate.getTime() - START) / (365.25 * DAY_MS)
    expect(years).toBeGreaterThan(9.99)
    expect(years).toBeLessThan(10.01)
    expect(readdirSync(keys())).toEqual(['authority.pem'])
    expect(statSync(join(keys(), 'authority.pem')).mode & 0o777).toBe(0o600)
    expect(statSync(keys()).mode & 0o777).toBe(0o700)
  })

  test('that is damaged stops the start instead of being made anew', () => {
    open()
    writeFileSync(join(keys(), 'authority.pem'), 'nonsense')

    expect(open).toThrow(/authority\.pem cannot be read\. Put it back, or remove it/)
  })

  test('is made anew when it has run out', () => {
    const first = open()
    now = START + 11 * 366 * DAY_MS

    expect(open().certificate.fingerprint256).not.toBe(first.certificate.fingerprint256)
  })

  test.each([
    'localhost',
    'x.local',
    'nas.lan',
    'pi.internal',
    'pi.home.arpa',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.9',
    '100.127.0.1',
    '127.9.9.9',
    'fd12::1',
    '::1',
  ])('may vouch for %s', async host => {
    const authority = open()

    expect(await shakeHands(authority.pem, forge(authority, host), host)).toBe('trusted')
  })

  test.each([
    'evil.example',
    'local.evil.example',
    'evillocal',
    'com',
    'fritz.box',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '2001:db8::1',
    'fe80::1',
    '::2',
  ])('may not vouch for %s, even by its own key', async host => {
    const authority = open()

    expect(await shakeHands(authority.pem, forge(authority, host), host)).toBe('permitted subtree violation')
  })

  test('may not make another authority', async () => {
    const authority = open()
    const [childKey, key] = [makeKey(), makeKey()]
    const shared = { serialNumber: randomBytes(8), notBefore: Date.now() - DAY_MS, notAfter: Date.now() + DAY_MS }
    const child = signCertificate({
      ...shared,
      subject: 'Child',
      issuer: nameOf(authority),
      key: childKey,
      signingKey: authority.key,
      extensions: authorityExtensions(childKey),
    })
    const leaf = signCertificate({
      ...shared,
      subject: 'Leaf',
      issuer: 'Child',
      key,
      signingKey: childKey,
      extensions: serverExtensions(['x.local'], key, childKey),
    })

    const end = await shakeHands(authority.pem, { cert: `${leaf}${child}`, key: pemOf(key) }, 'x.local')

    expect(end).toBe('path length constraint exceeded')
  })
})

describe('the certificate', () => {
  test('is for every name and private address of the machine, and trusted for these alone', async () => {
    machine.addresses.push('203.0.113.9', 'fe80::1', '2001:db8::5')
    const authority = open()
    const source = certificates(authority, ['pi.lan', 'pi.example', '192.168.1.1', 'private'])

    const leaf = leafOf(source)

    expect(leaf.subjectAltName).toBe(
      'DNS:pi.lan, IP Address:192.168.1.1, DNS:raspberry.local, IP Address:FD00:0:0:0:0:0:7:5, IP Address:192.168.7.5, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    )
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBe(397 * DAY_MS)
    expect(statSync(join(keys(), 'server.pem')).mode & 0o777).toBe(0o600)
    for (const host of ['pi.lan', 'fd00::7:5', 'localhost'])
      expect(await shakeHands(authority.pem, source.current(), host)).toBe('trusted')
    expect(await shakeHands(authority.pem, source.current(), 'other.lan')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('is the same at the next start', () => {
    const authority = open()
    const first = certificates(authority)
    const { cert } = first.current()
    first.stop()

    expect(certificates(authority).current().cert).toBe(cert)
  })

  test('is renewed by itself when a third of its life is left, and whoever uses it is told once', () => {
    const source = certificates(open())
    const told: string[] = []
    source.onChange(({ cert }) => told.push(new X509Certificate(cert).serialNumber))
    const first = leafOf(source)
    now += 263 * DAY_MS
    time.pass(5 * 60 * 1000)
    expect(told).toEqual([])

    now += 3 * DAY_MS
    time.pass(5 * 60 * 1000)
    time.pass(5 * 60 * 1000)

    expect(told).toHaveLength(1)
    expect(told[0]).not.toBe(first.serialNumber)
    expect(leafOf(source).validToDate.getTime()).toBeGreaterThan(now + 390 * DAY_MS)
  })

  test('is renewed when the machine gets another address or name', () => {
    const source = certificates(open())
    machine.addresses[0] = '10.0.0.8'
    machine.name = 'kitchen'

    time.pass(5 * 60 * 1000)

    expect(leafOf(source).subjectAltName).toContain('DNS:kitchen.local, ')
    expect(leafOf(source).subjectAltName).toContain('IP Address:10.0.0.8')
    expect(leafOf(source).subjectAltName).not.toContain('192.168.7.5')
  })

  test('learns the name a visitor has come by, keeps it over a restart, and no more than a few', () => {
    const authority = open()
    const source = certificates(authority, ['private'])

    expect(source.learn('192.168.44.2')).toBe(true)
    expect(leafOf(source).checkIP('192.168.44.2')).toBe('192.168.44.2')
    source.stop()
    const next = certificates(authority, ['private'])
    expect(leafOf(next).checkIP('192.168.44.2')).toBe('192.168.44.2')
    for (let index = 0; index < 100; index++) next.learn(`pi-${index}.local`)
    expect(leafOf(next).checkHost('pi-99.local')).toBe('pi-99.local')
    expect(leafOf(next).subjectAltName?.split(', ').length).toBeLessThan(35)
  })

  test.each(['pi.example', 'raspberry', '8.8.8.8'])('does not learn %s, for which nobody would trust it', host => {
    const source = certificates(open(), ['private'])
    const before = source.current().cert

    expect(source.learn(host)).toBe(false)
    expect(source.current().cert).toBe(before)
  })

  test('is made anew for a new authority', () => {
    const first = open()
    certificates(first).stop()
    rmSync(join(keys(), 'authority.pem'))
    const second = open()

    expect(leafOf(certificates(second)).checkIssued(second.certificate)).toBe(true)
    expect(leafOf(certificates(second)).verify(second.certificate.publicKey)).toBe(true)
  })

  test('goes on when it cannot be renewed, and the log says so', () => {
    const source = certificates(open())
    const { cert } = source.current()
    rmSync(keys(), { recursive: true })
    writeFileSync(keys(), 'no folder')
    machine.name = 'elsewhere'

    time.pass(5 * 60 * 1000)

    expect(lines.at(-1)).toContain('certificate-not-renewed')
    expect(source.current().cert).toBe(cert)
    expect(source.learn('192.168.44.2')).toBe(false)
  })
})
