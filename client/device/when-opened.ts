import type { ReadonlySignal } from '@preact/signals-core'
import type { DeviceState, OpenedDevice } from './device.ts'

/** This device's data, as soon as they are open or known not to be. */
export function whenOpened(device: ReadonlySignal<DeviceState>): Promise<OpenedDevice> {
  return new Promise(resolve => {
    const stop = device.subscribe(state => {
      if (state.state === 'opening') return
      resolve(state)
      // The first call comes before there is anything to stop.
      queueMicrotask(() => stop())
    })
  })
}
