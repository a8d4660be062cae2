/** The name of the setting that holds a device's name. */
export function deviceNameSetting(deviceId: string): string {
  return `device-name.${deviceId}`
}

type Known = { readonly settings: ReadonlyMap<string, unknown>; readonly ownId: string | null }

/** A device as its person calls it; null stands for calls of no device: scripts. */
export function deviceName(deviceId: string | null, { settings, ownId }: Known): string {
  if (deviceId === null) return 'script'
  const name = settings.get(deviceNameSetting(deviceId))
  if (typeof name === 'string' && name !== '') return name
  return deviceId === ownId ? 'this device' : `device ${deviceId.slice(-4)}`
}

/** A device that is not this one; null for this one, for scripts, and while this one's own name is not known. */
export function otherDevice(deviceId: string | null, known: Known): string | null {
  const isOther = deviceId !== null && known.ownId !== null && deviceId !== known.ownId
  return isOther ? deviceName(deviceId, known) : null
}
