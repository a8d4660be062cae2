import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'

/** Sets a setting on all devices to what `change` makes of its value by then, undefined where it has none. A note says it when this device could not keep it. */
export async function changeSharedSetting(app: App, name: string, change: (now: unknown) => unknown): Promise<void> {
  const ref = rowRef('settings', name)
  await editRows(app, async editor => {
    const row = await editor.read(ref)
    if (row === null) await editor.put(ref, { value: change(undefined) })
    else await editor.set(ref, { value: change(row['value']) })
  })
}
