import type { KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { AppError } from '#shared/errors.ts'
import { writeSecret } from '../write-secret.ts'

/** The pair by which push services know this server again (RFC 8292), both in base64url. */
export type VapidKeys = { readonly publicKey: string; readonly privateKey: string }

const vapidKeysSchema = v.object({ publicKey: v.string(), privateKey: v.string() })

/** Reads the pair, or makes it at the first need. In its own file, not in the database: no backup and no device has it. */
export function openVapidKeys(path: string, makeKey: () => KeyObject): VapidKeys {
  if (existsSync(path)) return readKeys(path)
  const { x, y, d } = makeKey().export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), decode(x), decode(y)])
  const keys = { publicKey: point.toString('base64url'), privateKey: decode(d).toString('base64url') }
  writeSecret(path, JSON.stringify(keys))
  return keys
}

const decode = (part: string | undefined) => Buffer.from(part ?? '', 'base64url')

function readKeys(path: string): VapidKeys {
  try {
    return v.parse(vapidKeysSchema, JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    // Another pair would silence every device that has subscribed with this one.
    throw new AppError(
      'internal',
      `${path} cannot be read. Put it back, or remove it and switch notifications on anew.`,
      {
        cause,
      },
    )
  }
}
