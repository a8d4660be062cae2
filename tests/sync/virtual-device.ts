import type { RandomBytes } from '#shared/clock.ts'
import type { DeviceRules } from '#shared/sync-device-rules.ts'
import { type MemoryStore, openMemoryStore } from '../../client/database/memory-store.ts'
import { createSyncEngine, type SyncEngine } from '../../client/sync/sync-engine.ts'
import type { SyncContext } from '../../client/sync/sync-meta.ts'
import type { FaultyDisk } from './faulty-disk.ts'
import { mixSeeds, seededBytes } from './random-source.ts'
import { tornStore } from './torn-store.ts'
import { createVirtualNet, type LineFaults, type VirtualLine } from './virtual-net.ts'
import type { VirtualServer } from './virtual-server.ts'
import { type Life, schedulerOf, type VirtualTime } from './virtual-time.ts'

/** One tab of a browser profile. */
export type VirtualTab = {
  readonly life: Life
  readonly store: MemoryStore
  readonly context: SyncContext
  readonly engine: SyncEngine
}

/** One browser profile: a disk, a clock, a line, and the tabs that are open. */
export type VirtualDevice = {
  readonly name: number
  readonly disk: FaultyDisk
  readonly line: VirtualLine
  readonly tabs: VirtualTab[]
  /** How wrong its clock is. */
  skewMs: number
  opened: number
}

export type TabOptions = {
  readonly time: VirtualTime
  readonly server: VirtualServer
  readonly rules: DeviceRules
  readonly faults: () => LineFaults
  readonly seed: number
  /** Each request of the store in a turn of its own, so that anything can happen between two of them. */
  readonly isFine: boolean
  readonly pageRows: number
  readonly isTorn: boolean
  readonly onFault: (cause: unknown) => void
  /** What ids are made of instead of chance (R1). */
  readonly idBytes: RandomBytes | null
}

export function createVirtualDevice(name: number, disk: FaultyDisk): VirtualDevice {
  return { name, disk, line: { isOnline: true, isPortal: false, calls: 0 }, tabs: [], skewMs: 0, opened: 0 }
}

/** Short enough to end within a schedule. */
export const PAUSE_MS = 8000

/** Opens a tab and starts its engine. */
export function openTab(device: VirtualDevice, options: TabOptions): VirtualTab {
  const { time, server, rules, faults, isFine, pageRows, onFault } = options
  device.opened += 1
  const life: Life = { isAlive: true }
  const seed = mixSeeds(options.seed, device.name, device.opened)
  const whole = openMemoryStore(device.disk, {
    later: isFine ? work => void time.after(0, work) : null,
    atTurnEnd: time.atTurnEnd,
  })
  const store = options.isTorn ? tornStore(whole) : whole
  const context: SyncContext = {
    store,
    clock: { now: () => time.now() + device.skewMs },
    randomBytes: options.idBytes ?? seededBytes(mixSeeds(seed, 2)),
    rules,
  }
  const net = createVirtualNet({ time, server, line: device.line, faults, seed: mixSeeds(seed, 1), life })
  const engine = createSyncEngine({
    context,
    net,
    scheduler: schedulerOf(time, life),
    onFault,
    pageRows,
    pauseMs: PAUSE_MS,
  })
  const tab: VirtualTab = { life, store, context, engine }
  device.tabs.push(tab)
  engine.start()
  return tab
}

/** Ends a tab as a crash does: at once, in the middle of whatever it was at. */
export function killTab(device: VirtualDevice, tab: VirtualTab): void {
  tab.life.isAlive = false
  tab.store.crash()
  device.tabs.splice(device.tabs.indexOf(tab), 1)
}
