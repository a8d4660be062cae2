import { createHash, createHmac, pbkdf2Sync, randomBytes, X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { integer, objectIdentifier, octetString, sequence } from '../../server/tls/der.ts'
import { launchBrowser } from './browser.ts'

/**
 * Chromium on Linux trusts what is in NSS's database in the home folder (cert9.db and key4.db, both SQLite), which NSS's own tool
 * would write. Here it is written by hand: a certificate, and a second object that says for what it is trusted, whose attributes
 * are sealed with a key that comes from the (empty) password. Names and numbers are those of NSS's pkcs11n.h and softoken.
 */
const CERTIFICATE_ID = 1
const TRUST_ID = 2
const NSS = 0xce534350
const TRUST = NSS + 0x2000
const TRUSTED_AUTHORITY = NSS + 2
const NOT_TRUSTED = NSS + 3
const HMAC_SHA256 = sequence(objectIdentifier('1.2.840.113549.2.9'))

type Attributes = Readonly<Record<string, Buffer>>

/** Makes `home` the home of somebody whose Chromium trusts this authority. */
export async function trustAuthority(home: string, authority: string, secureUrl: string): Promise<void> {
  const folder = join(home, '.pki', 'nssdb')
  mkdirSync(folder, { recursive: true })
  // Chromium makes the empty databases itself, when it first looks at a certificate: this one, which it refuses.
  const browser = await launchBrowser({ home })
  const page = await browser.newPage()
  await page.goto(secureUrl).catch(() => undefined)
  await browser.close()
  const { raw } = new X509Certificate(authority)
  const [certificate, trust] = objectsOf(raw)
  const certificates = new BetterSqlite3(join(folder, 'cert9.db'))
  insert(certificates, CERTIFICATE_ID, certificate)
  insert(certificates, TRUST_ID, trust)
  certificates.close()
  const keys = new BetterSqlite3(join(folder, 'key4.db'))
  for (const [column, value] of Object.entries(trust)) {
    if (Number.parseInt(column.slice(1), 16) > TRUST) seal(keys, column, value)
  }
  keys.close()
}

function objectsOf(raw: Buffer): readonly [certificate: Attributes, trust: Attributes] {
  const [yes, no] = [Buffer.from([1]), Buffer.from([0])]
  const [content = raw] = partsOf(raw)
  const [, serial = raw, , issuer = raw, , subject = raw] = partsOf(content)
  const [sha1, md5] = ['sha1', 'md5'].map(name => createHash(name).update(raw).digest())
  const shared = { a1: yes, a2: no, a170: yes, a81: issuer, a82: serial }
  const named = { a3: Buffer.from('LLM Router'), a11: raw, a80: number(0), a101: subject, a102: sha1 ?? raw }
  const uses = { [column(8)]: number(TRUSTED_AUTHORITY), [column(9)]: number(NOT_TRUSTED) }
  const others = { [column(10)]: number(NOT_TRUSTED), [column(11)]: number(NOT_TRUSTED), [column(16)]: no }
  const hashes = { [column(100)]: sha1 ?? raw, [column(101)]: md5 ?? raw }
  return [
    { a0: number(1), ...shared, ...named },
    { a0: number(NSS + 3), ...shared, ...uses, ...others, ...hashes },
  ]
}

const column = (offset: number) => `a${(TRUST + offset).toString(16)}`

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function insert(database: BetterSqlite3.Database, id: number, attributes: Attributes): void {
  const columns = Object.keys(attributes)
  const places = columns.map(() => '?').join(', ')
  const text = `INSERT INTO nssPublic (id, ${columns.join(', ')}) VALUES (${id}, ${places})`
  database.prepare(text).run(...Object.values(attributes))
}

/** PBMAC1 (RFC 8018) over the object, the attribute and its value. */
function seal(keys: BetterSqlite3.Database, name: string, value: Buffer): void {
  const salt = randomBytes(32)
  const attribute = Number.parseInt(name.slice(1), 16)
  const passwordSalt = keys.prepare<[], Buffer>("SELECT item1 FROM metaData WHERE id = 'password'").pluck().get()
  const password = createHash('sha1')
    .update(passwordSalt ?? '')
    .digest()
  const mac = createHmac('sha256', pbkdf2Sync(password, salt, 1, 32, 'sha256'))
    .update(number(TRUST_ID))
    .update(number(attribute))
    .update(value)
    .digest()
  const rounds = [integer(Buffer.from([1])), integer(Buffer.from([32]))]
  const derivation = sequence(
    objectIdentifier('1.2.840.113549.1.5.12'),
    sequence(octetString(salt), ...rounds, HMAC_SHA256),
  )
  const algorithm = sequence(objectIdentifier('1.2.840.113549.1.5.14'), sequence(derivation, HMAC_SHA256))
  const id = `sig_cert_${number(TRUST_ID).toString('hex')}_${number(attribute).toString('hex')}`
  keys.prepare('INSERT INTO metaData (id, item1) VALUES (?, ?)').run(id, sequence(algorithm, octetString(mac)))
}

/** The values inside a DER value, each with its tag and length. */
function partsOf(value: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let rest = value.subarray(headLength(value)); rest.length > 0; ) {
    const end = headLength(rest) + contentLength(rest)
    parts.push(rest.subarray(0, end))
    rest = rest.subarray(end)
  }
  return parts
}

const isLong = (value: Buffer) => (value[1] ?? 0) >= 0x80
const headLength = (value: Buffer) => 2 + (isLong(value) ? (value[1] ?? 0) & 0x7f : 0)
const contentLength = (value: Buffer) => (isLong(value) ? value.readUIntBE(2, headLength(value) - 2) : (value[1] ?? 0))
