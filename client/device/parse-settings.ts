import * as v from 'valibot'
import { BUDGET_SETTING } from '#shared/budget.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import { parseBudget } from '#shared/wire/budget.ts'
import { MODEL_TASTE_SETTING, type ModelTaste, NO_TASTE } from '../stores/model-taste.ts'
import type { SettingValues } from './device.ts'

const ids = v.array(v.string())
const tasteSchema = v.object({ favourites: ids, hidden: ids, standard: v.nullable(v.string()) })

/** Stored settings as the page works with them. */
export function parseSettings(rows: readonly SyncRow[]): SettingValues {
  const byName = new Map(rows.filter(({ purged }) => !purged).map(row => [row.id, row['value']]))
  return {
    byName,
    taste: parseModelTaste(byName.get(MODEL_TASTE_SETTING)),
    budget: parseBudget(byName.get(BUDGET_SETTING)),
  }
}

/** The value of the setting; nothing liked and nothing hidden where this version cannot read it. */
export function parseModelTaste(value: unknown): ModelTaste {
  const taste = v.safeParse(tasteSchema, value)
  return taste.success ? taste.output : NO_TASTE
}
