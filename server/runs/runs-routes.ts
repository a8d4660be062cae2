import { Hono } from 'hono'
import * as v from 'valibot'
import type { Scheduler } from '#shared/clock.ts'
import type { AppError } from '#shared/errors.ts'
import { chatRequestSchema } from '#shared/wire/chat-request.ts'
import { askerOf, idOf } from '../http/asker.ts'
import { errorResponse } from '../http/errors.ts'
import { eventStream } from '../http/event-stream.ts'
import { readBody, readQuery } from '../http/read-body.ts'
import type { RunsService } from './runs-service.ts'

const EVENT_ID = 'the id of an event, <generation>.<seq>'
const eventsQuery = v.strictObject({
  after: v.optional(v.pipe(v.string(EVENT_ID), v.regex(/^\d{1,9}\.\d{1,15}$/, EVENT_ID))),
})

/** So long the status of the answer waits for the provider's first word; then the stream begins without it. */
const LONGEST_HOLD_MS = 10_000

export function chatRoutes(runs: RunsService, scheduler: Scheduler): Hono {
  return new Hono().post('/stream', async context => {
    const request = await readBody(context, chatRequestSchema)
    const asker = askerOf(context)
    const { head, accepted } = runs.start(asker, request)
    const { run_id, conversation_id, message_id } = head
    if (/\brespond-async\b/.test(context.req.header('prefer') ?? '')) {
      return context.json({ run_id, conversation_id, message_id }, 202)
    }
    const refusal = await withinHold(accepted, scheduler)
    if (refusal) return errorResponse(context, refusal, { run_id, conversation_id, message_id })
    return eventStream(sink => runs.watch(asker.userId, run_id, null, sink))
  })
}

export function runsRoutes(runs: RunsService): Hono {
  return new Hono()
    .get('/:id', context => context.json(runs.get(askerOf(context).userId, idOf(context))))
    .get('/:id/events', context => {
      const query = readQuery(context, eventsQuery)
      const lastEventId = context.req.header('last-event-id') ?? query.after ?? null
      const { userId } = askerOf(context)
      const id = idOf(context)
      runs.get(userId, id)
      return eventStream(sink => runs.watch(userId, id, lastEventId, sink))
    })
    .delete('/:id', context => {
      runs.forget(askerOf(context).userId, idOf(context))
      return context.body(null, 204)
    })
    .post('/:id/cancel', async context => context.json(await runs.cancel(askerOf(context).userId, idOf(context))))
}

async function withinHold(accepted: Promise<AppError | null>, scheduler: Scheduler): Promise<AppError | null> {
  const hold = Promise.withResolvers<null>()
  const cancel = scheduler.after(LONGEST_HOLD_MS, () => hold.resolve(null))
  try {
    return await Promise.race([accepted, hold.promise])
  } finally {
    cancel()
  }
}
