import { Hono } from 'hono'
import * as v from 'valibot'
import { textField } from '#shared/wire/fields.ts'
import { wholeNumberParameter } from '#shared/wire/query-fields.ts'
import type { Sqlite } from '../database/open-database.ts'
import { askerOf } from '../http/asker.ts'
import { readQuery } from '../http/read-body.ts'
import { search } from './search-service.ts'

const searchQuery = v.strictObject({
  q: textField(500),
  limit: v.optional(wholeNumberParameter(1, 100), '20'),
})

export function searchRoutes(sqlite: Sqlite): Hono {
  return new Hono().get('/', context => {
    const query = readQuery(context, searchQuery)
    return context.json(search(sqlite, askerOf(context).userId, query))
  })
}
