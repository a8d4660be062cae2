import { Hono } from 'hono'
import * as v from 'valibot'
import { askerOf } from '../http/asker.ts'
import { readBody } from '../http/read-body.ts'
import type { PurgeService } from './purge-service.ts'

const CONFIRMATION = 'delete everything'
const deleteSchema = v.strictObject({ confirm: v.literal(CONFIRMATION, `the words “${CONFIRMATION}”`) })

export function userDataRoutes(purge: PurgeService): Hono {
  return new Hono().delete('/', async context => {
    const { userId } = askerOf(context)
    await readBody(context, deleteSchema)
    purge.purgeUser(userId)
    return context.body(null, 204)
  })
}
