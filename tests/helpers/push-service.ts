import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'

/** A message as it came to the push service, opened with the keys of the device it was for. */
type Pushed = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly message: unknown
  /** What the sender's token says, after its signature was found good. */
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string }
  readonly senderKey: string
}

export type PushServiceDouble = {
  /** Leads calls of the real push services here. */
  readonly fetch: typeof fetch
  readonly received: readonly Pushed[]
  /** What the service says to every message from now on. */
  answer(status: number): void
  /** A device of this name: what its browser would give to its page. */
  subscribe(name: string): { endpoint: string; keys: { p256dh: string; auth: string } }
  close(): Promise<void>
}

const ORIGIN = 'https://fcm.googleapis.com'

/** A push service on loopback that speaks the protocol as it is written: RFC 8030, 8188, 8291 and 8292. */
export async function startPushService(): Promise<PushServiceDouble> {
  const devices = new Map<string, { readonly ecdh: ReturnType<typeof createECDH>; readonly auth: Buffer }>()
  const received: Pushed[] = []
  let status = 201
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    const body = Buffer.concat(await request.toArray())
    const device = devices.get(path)
    if (!device) return response.writeHead(404).end()
    const { claims, senderKey } = readAuthorization(request.headers.authorization ?? '')
    const message: unknown = JSON.parse(open(body, device).toString())
    received.push({ path, headers: request.headers, message, claims, senderKey })
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const here = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    fetch: (input, init) => {
      if (typeof input !== 'string' || !input.startsWith(ORIGIN)) throw new Error(`No push service: ${String(input)}`)
      return fetch(input.replace(ORIGIN, here), init)
    },
    received,
    answer: next => {
      status = next
    },
    subscribe: name => {
      const ecdh = createECDH('prime256v1')
      const auth = randomBytes(16)
      devices.set(`/fcm/send/${name}`, { ecdh, auth })
      const p256dh = ecdh.generateKeys('base64url')
      return { endpoint: `${ORIGIN}/fcm/send/${name}`, keys: { p256dh, auth: auth.toString('base64url') } }
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 *     salt 16 | record size 4 | key length 1 | sender's key 65 | sealed …
 *     ^ RFC 8188 §2.1, with the key id as RFC 8291 §4 uses it
 */
function open(body: Buffer, device: { readonly ecdh: ReturnType<typeof createECDH>; readonly auth: Buffer }): Buffer {
  const salt = body.subarray(0, 16)
  const keyEnd = 21 + (body[20] ?? 0)
  const senderKey = body.subarray(21, keyEnd)
  const secret = device.ecdh.computeSecret(senderKey)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), device.ecdh.getPublicKey(), senderKey])
  const material = derive(secret, device.auth, info, 32)
  const key = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const sealed = body.subarray(keyEnd)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  const end = padded.lastIndexOf(2)
  if (end === -1) throw new Error('The record is not the last one')
  return padded.subarray(0, end)
}

const derive = (key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length))

function readAuthorization(header: string): Pick<Pushed, 'claims' | 'senderKey'> {
  const [, token = '', senderKey = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(senderKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(part => part.toString('base64url'))
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' })
  const isGood = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isGood) throw new Error('The token is not signed with the key it names')
  return { claims: JSON.parse(Buffer.from(claims, 'base64url').toString()), senderKey }
}
