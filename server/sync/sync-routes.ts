import { setImmediate } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { AppError } from '#shared/errors.ts'
import type { RowKind } from '#shared/sync-kinds.ts'
import { wholeNumberParameter } from '#shared/wire/query-fields.ts'
import { isRowKind, messageRowsRequestSchema, syncRequestSchema } from '#shared/wire/sync.ts'
import { askerOf } from '../http/asker.ts'
import { errorResponse } from '../http/errors.ts'
import { linesResponse } from '../http/lines-response.ts'
import { checkBody, readBody, readQuery } from '../http/read-body.ts'
import { syncInParts } from './sync-in-parts.ts'
import { renderPage, type SyncReply, type SyncService } from './sync-service.ts'

const BEFORE = 'the `before` of the page before this one'
const rowsQuery = v.strictObject({
  limit: v.optional(wholeNumberParameter(1, 1000), '1000'),
  before: v.optional(v.pipe(v.string(BEFORE), v.regex(/^\d{1,16}$/, BEFORE))),
})
const conversationsQuery = v.strictObject({
  limit: v.optional(wholeNumberParameter(1, 1000), '200'),
  before: v.optional(v.pipe(v.string(BEFORE), v.regex(/^\d{1,16}~[0-9a-f-]{36}$/, BEFORE))),
})
/** All that is read of a request before its version is known: a newer device may send what this server cannot name. */
const versionSchema = v.looseObject({ schema: v.number() })

export function syncRoutes(sync: SyncService): Hono {
  return new Hono()
    .post('/', async context => {
      const { userId } = askerOf(context)
      const body = await readBody(context, v.unknown())
      const version = v.safeParse(versionSchema, body)
      const refusal = version.success ? sync.refuseSchema(version.output.schema) : null
      if (refusal) return answerReply(context, refusal)
      const request = checkBody(syncRequestSchema, body)
      return answerReply(context, await syncInParts(sync, userId, { request, pause: setImmediate }))
    })
    .get('/boot', context => context.json(sync.boot(askerOf(context).userId)))
    .post('/rows/messages', async context => {
      const request = await readBody(context, messageRowsRequestSchema)
      return linesResponse(context, renderPage(sync.messageRows(askerOf(context).userId, request)))
    })
    .get('/rows/:kind', context => {
      const kind = listedKind(context.req.param('kind'))
      const { limit, before = null } = readQuery(context, kind === 'conversations' ? conversationsQuery : rowsQuery)
      return linesResponse(context, renderPage(sync.rows(askerOf(context).userId, kind, { limit, before })))
    })
}

function listedKind(kind: string): Exclude<RowKind, 'messages'> {
  if (isRowKind(kind) && kind !== 'messages') return kind
  throw new AppError('not-found', 'There is no list of rows of this kind.', { field: 'kind' })
}

function answerReply(context: Context, reply: SyncReply): Response | Promise<Response> {
  switch (reply.kind) {
    case 'page':
      return linesResponse(context, renderPage(reply))
    case 'fork': {
      const { epoch, policy } = reply
      return errorResponse(context, new AppError('fork', SENTENCES.fork), { epoch, policy })
    }
    case 'gap':
    case 'device-cloned':
    case 'schema-too-new':
    case 'upgrade-required':
      return errorResponse(context, new AppError(reply.kind, SENTENCES[reply.kind]))
    default:
      return reply satisfies never
  }
}

const SENTENCES: Readonly<Record<Exclude<SyncReply['kind'], 'page'>, string>> = {
  fork: 'Your pi was put back from a backup. This device brings back what it still holds.',
  gap: 'A change before these has not arrived. Send it first.',
  'device-cloned': 'Another device uses the same name. This one takes a new name and goes on.',
  'schema-too-new': 'This device is newer than your pi. Your changes wait here until your pi is brought up to date.',
  'upgrade-required': 'This device is older than your pi. Reload to bring it up to date; your changes are kept.',
}
