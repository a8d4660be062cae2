import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { DeviceState, SettingValues } from '../device/device.ts'
import { lastKnown } from '../signals/last-known.ts'
import { switched } from '../signals/switched.ts'
import { NO_TASTE } from './model-taste.ts'

/** The settings that all devices share; none until this device's data are open. */
export type SharedSettings = ReadonlySignal<SettingValues>

const NOTHING: ReadonlySignal<null> = signal(null)
const NO_SETTINGS: SettingValues = { byName: new Map(), taste: NO_TASTE, budget: null }

/** Reads the synced settings. They are written by `actions/change-shared-setting.ts`. */
export function createSharedSettings(alive: AbortSignal, device: ReadonlySignal<DeviceState>): SharedSettings {
  const read = switched<DeviceState, SettingValues | null>(alive, device, (life, state) =>
    state.state === 'open' ? state.device.settings(life) : NOTHING,
  )
  const known = lastKnown(alive, read)
  return computed(() => known.value ?? NO_SETTINGS)
}
