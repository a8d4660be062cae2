import { BUDGET_SETTING, type Budget, type Limits } from '#shared/budget.ts'
import { parseBudget } from '#shared/wire/budget.ts'
import type { App } from '../app.ts'
import { localTimeZone } from '../platform/day.ts'
import { changeSharedSetting } from './change-shared-setting.ts'

const NO_LIMITS: Limits = { warn_nanousd: null, stop_nanousd: null }

/** Sets limits of a period, from here on in days as they are here; those that are not named stay. */
export function changeLimits(app: App, period: 'day' | 'month', change: Partial<Limits>): Promise<void> {
  return changeSharedSetting(app, BUDGET_SETTING, (value): Budget => {
    const { day, month } = parseBudget(value) ?? { day: NO_LIMITS, month: NO_LIMITS }
    const limits = { day, month }
    return { ...limits, [period]: { ...limits[period], ...change }, time_zone: localTimeZone() }
  })
}
