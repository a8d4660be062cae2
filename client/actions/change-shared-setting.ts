import { rowRef } from '#shared/sync-row.ts'
import type { App } from '../app.ts'
import { editRows } from './edit-rows.ts'

/** Sets a setting on all devices. False when this device could not keep it, which a note says. */
export async function changeSharedSetting(app: App, name: string, value: unknown): Promise<boolean> {
  const ref = rowRef('settings', name)
  const isKept = await editRows(app, async editor => {
    if ((await editor.read(ref)) === null) await editor.put(ref, { value })
    else await editor.set(ref, { value })
    return true
  })
  return isKept === true
}
