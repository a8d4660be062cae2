import * as v from 'valibot'
import type { Budget } from '../budget.ts'
import { isTimeZone } from '../time-zone.ts'

const limitField = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)))
const limitsSchema = v.object({ warn_nanousd: limitField, stop_nanousd: limitField })
const budgetSchema: v.GenericSchema<unknown, Budget> = v.object({
  time_zone: v.pipe(v.string(), v.check(isTimeZone)),
  day: limitsSchema,
  month: limitsSchema,
})

/** The value of the setting as limits; null where there are none, or none that this version can read. */
export function parseBudget(value: unknown): Budget | null {
  const budget = v.safeParse(budgetSchema, value)
  return budget.success ? budget.output : null
}
