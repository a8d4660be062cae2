import { Hono } from 'hono'
import * as v from 'valibot'
import type { Model } from '#shared/models.ts'
import { timeParameter } from '#shared/wire/query-fields.ts'
import type { Sqlite } from '../database/open-database.ts'
import { askerOf } from '../http/asker.ts'
import { readQuery } from '../http/read-body.ts'
import { summarizeUsage } from './usage-summary.ts'

const END_OF_TIME = 8_640_000_000_000_000

const rangeQuery = v.pipe(
  v.strictObject({ from: v.optional(timeParameter), to: v.optional(timeParameter) }),
  v.forward(
    v.check(({ from = 0, to = END_OF_TIME }) => from <= to, 'a time before `to`'),
    ['from'],
  ),
)

export function usageRoutes(options: { readonly sqlite: Sqlite; readonly listModels: () => readonly Model[] }): Hono {
  return new Hono()
    .get('/summary', context => {
      const { from = 0, to = END_OF_TIME } = readQuery(context, rangeQuery)
      return context.json(summarizeUsage(options.sqlite, { userId: askerOf(context).userId, from, to }))
    })
    .get('/models', context => context.json(options.listModels()))
}
