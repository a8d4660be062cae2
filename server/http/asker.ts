import type { Context } from 'hono'
import { AppError } from '#shared/errors.ts'
import { isId } from '#shared/ids.ts'
import { OWNER_USER_ID } from '../database/schema.ts'
import type { Asker } from '../runs/store-run.ts'

/** Who asks. Without log-in that is always the owner; the device is what the client says of itself in `X-Device-Id`. */
export function askerOf(context: Context): Asker {
  const deviceId = context.req.header('x-device-id') ?? null
  if (deviceId !== null && !isId(deviceId)) {
    throw new AppError('bad-request', 'X-Device-Id should be a lower-case UUID.', { field: 'x-device-id' })
  }
  return { userId: OWNER_USER_ID, deviceId }
}

/** The `:id` of the path; throws AppError `not-found` for what cannot be an id at all. */
export function idOf(context: Context): string {
  const id = context.req.param('id')
  if (!isId(id))
    throw new AppError('not-found', 'An id is a lower-case UUID; there is nothing under this one.', { field: 'id' })
  return id
}
