import { Hono } from 'hono'
import * as v from 'valibot'
import {
  changeConversationSchema,
  cloneConversationSchema,
  createConversationSchema,
} from '#shared/wire/conversation-requests.ts'
import { idField } from '#shared/wire/fields.ts'
import { wholeNumberParameter } from '#shared/wire/query-fields.ts'
import { askerOf, idOf } from '../http/asker.ts'
import { readBody, readQuery } from '../http/read-body.ts'
import type { ConversationsService, ListedConversation } from './conversations-service.ts'

const CURSOR = 'updated_at of the last conversation of the page before, as its Link header gives it'

const listQuery = v.strictObject({
  limit: v.optional(wholeNumberParameter(1, 200), '50'),
  before: v.optional(
    v.pipe(
      v.string(CURSOR),
      v.regex(/^\d{1,15}(~[0-9a-f-]{36})?$/, CURSOR),
      v.transform(text => {
        const [updatedAt, id] = text.split('~')
        return { updatedAt: Number(updatedAt), id: id ?? null }
      }),
      v.check(({ id }) => id === null || v.is(idField, id), CURSOR),
    ),
  ),
})

export function conversationsRoutes(conversations: ConversationsService): Hono {
  return new Hono()
    .get('/', async context => {
      const { limit, before = null } = readQuery(context, listQuery)
      // One more than is shown tells whether there is a next page.
      const found = await conversations.list(askerOf(context).userId, { limit: limit + 1, before })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      if (last && found.length > limit) context.header('Link', `<${nextPage(last, limit)}>; rel="next"`)
      return context.json(page)
    })
    .post('/', async context => {
      const request = await readBody(context, createConversationSchema)
      return context.json(conversations.create(askerOf(context), request), 201)
    })
    .get('/:id', context => context.json(conversations.get(askerOf(context).userId, idOf(context))))
    .patch('/:id', async context => {
      const change = await readBody(context, changeConversationSchema)
      return context.json(conversations.change(askerOf(context), idOf(context), change))
    })
    .delete('/:id', context => {
      conversations.remove(askerOf(context), idOf(context))
      return context.body(null, 204)
    })
    .post('/:id/clone', async context => {
      const request = await readBody(context, cloneConversationSchema)
      return context.json(conversations.clone(askerOf(context), idOf(context), request), 201)
    })
}

function nextPage(last: ListedConversation, limit: number): string {
  return `/api/conversations?limit=${limit}&before=${last.updated_at}~${last.id}`
}
