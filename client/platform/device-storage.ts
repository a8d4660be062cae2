import { type ReadonlySignal, signal } from '@preact/signals-core'

/** What the browser says of the room it gives this page; null where it does not say. */
export type StorageFacts = {
  /** True when it promises not to throw the data away by itself. */
  readonly isPersisted: boolean | null
  readonly usedBytes: number | null
  readonly quotaBytes: number | null
}

export interface DeviceStorage {
  readonly facts: ReadonlySignal<StorageFacts>
  /** Asks the browser again. */
  refresh(): Promise<void>
  /** Asks it not to throw the data away. False where it does not promise that, or cannot be asked. */
  persist(): Promise<boolean>
}

/** The browser's storage manager; undefined on plain HTTP, where browsers have none. */
export function createDeviceStorage(manager: StorageManager | undefined): DeviceStorage {
  const facts = signal<StorageFacts>({ isPersisted: null, usedBytes: null, quotaBytes: null })
  async function refresh(): Promise<void> {
    if (manager === undefined) return
    const [isPersisted, { usage, quota }] = await Promise.all([manager.persisted(), manager.estimate()])
    facts.value = { isPersisted, usedBytes: usage ?? null, quotaBytes: quota ?? null }
  }
  return {
    facts,
    refresh,
    async persist() {
      const isKept = manager !== undefined && (await manager.persist())
      await refresh()
      return isKept
    },
  }
}
