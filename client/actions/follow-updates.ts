import type { App } from '../app.ts'
import { onWake } from '../platform/connection-hints.ts'
import type { Updates } from '../platform/updates.ts'
import { watch } from '../signals/watch.ts'
import { offerReload } from './reload-page.ts'

const HOUR_MS = 3_600_000
/** Somebody who goes back and forth between windows asks once a minute at most. */
const LEAST_MS = 60_000

/** Looks for a newer version each hour and whenever somebody comes back, and offers it in a note. This tab alone is loaded anew. */
export function followUpdates(app: App, updates: Updates): void {
  const { alive, clock, scheduler } = app
  let checkedAtMs = clock.now()
  watch(alive, updates.isNewer, isNewer => {
    if (isNewer) offerReload(app, updates.takeOver)
  })
  const check = (): void => {
    if (clock.now() - checkedAtMs < LEAST_MS) return
    checkedAtMs = clock.now()
    updates.check().catch(reportError)
  }
  const tick = (): void => {
    if (alive.aborted) return
    check()
    scheduler.after(HOUR_MS, tick)
  }
  onWake(alive, check)
  scheduler.after(HOUR_MS, tick)
}
