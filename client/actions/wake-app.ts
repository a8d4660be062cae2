import type { App } from '../app.ts'

/** Tries the server now: somebody asks for it. */
export function wakeApp(app: App): void {
  void app.models.refresh()
  const opened = app.device.peek()
  if (opened.state === 'open') opened.device.wake()
  else reopenDevice(app)
}

/** Fetches the part that keeps this device's data once more, where it could not be fetched. */
export function reopenDevice(app: App): void {
  const device = app.device.peek()
  if (device.state === 'closed' && device.reason === 'code') void app.openDevice()
}
