import { AppError } from '#shared/errors.ts'
import { rowsOf, wipeDisk } from '../../client/database/memory-disk.ts'
import { copyDisk, createFaultyDisk, type FaultyDisk } from './faulty-disk.ts'
import { isRow } from './oracle.ts'
import { mixSeeds } from './random-source.ts'
import { type Act, PROFILES } from './schedule.ts'
import { actAsUser } from './user-acts.ts'
import {
  createVirtualDevice,
  killTab,
  openTab,
  type TabOptions,
  type VirtualDevice,
  type VirtualTab,
} from './virtual-device.ts'
import type { HowRestored } from './virtual-server.ts'
import { type HeldRow, metaOf, type World } from './world-state.ts'

/** Lets one act of a schedule happen: what a user does, what a device suffers, what befalls the server. */
export function perform(world: World, options: TabOptions, act: Act): void {
  const device = world.devices[act.device % world.devices.length]
  if (device === undefined || troubleServer(world, act) || troubleDevice(world, options, { device, act })) return
  const tab = device.tabs[act.choice % Math.max(1, device.tabs.length)]
  if (tab === undefined) return
  if (act.kind === 'read') openSomeChat(tab, device.disk, act)
  else actAsUser(tab, device.disk, act).catch((cause: unknown) => noteFault(world, cause))
}

function openSomeChat(tab: VirtualTab, disk: FaultyDisk, act: Act): void {
  const chats = rowsOf(disk, 'conversations').filter(isRow)
  const chat = chats[act.choice % Math.max(1, chats.length)]
  if (chat !== undefined) tab.engine.open(chat.id)
}

/** A new device, with a clock of its own. */
export function joinDevice(world: World, options: TabOptions): void {
  const device = createVirtualDevice(world.devices.length, createFaultyDisk())
  const { maxSkewMs } = PROFILES[world.schedule.profile]
  device.skewMs = maxSkewMs === 0 ? 0 : (mixSeeds(options.seed, device.name, 5) % (2 * maxSkewMs)) - maxSkewMs
  addDevice(world, options, device)
}

export function goOnline(device: VirtualDevice): void {
  device.line.isOnline = true
  device.line.isPortal = false
  for (const { engine } of device.tabs) engine.wake()
}

/** Reports what should not happen. A disk that was made to fail may fail. */
export function noteFault({ devices, report }: World, cause: unknown): void {
  const isStorage = cause instanceof AppError && cause.retryable
  if (isStorage && devices.some(({ disk }) => disk.fault !== 'none' || Number.isFinite(disk.room))) return
  report({ invariant: 'fault', detail: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
}

export async function startServer({ server }: World): Promise<void> {
  if (!server.isUp()) await server.start()
}

/** True when the act was the server's to suffer. */
function troubleServer(world: World, act: Act): boolean {
  const { server, time } = world
  const attempt = (work: Promise<void>): void => {
    work.catch((cause: unknown) => noteFault(world, cause))
  }
  switch (act.kind) {
    case 'kill-server':
      server.kill()
      time.after(act.choice % 3000, () => attempt(startServer(world)))
      return true
    case 'back-up':
      if (server.isUp()) world.backup = { file: server.backUp(), rows: JSON.stringify(server.feed()) }
      return true
    case 'restore-merge':
      attempt(restore(world, 'merge'))
      return true
    case 'restore-copy':
      attempt(restore(world, 'noted'))
      return true
    case 'restore-bare':
      attempt(restore(world, 'unnoted'))
      return true
    case 'restore-replace':
      attempt(restore(world, 'replace'))
      return true
    default:
      return false
  }
}

async function restore(world: World, how: HowRestored): Promise<void> {
  const { backup, devices } = world
  if (backup === null || world.restoredAt !== null) return
  world.restoredAt = world.time.now()
  for (const device of devices) if (!metaOf(device)?.epoch) world.strangers.add(device.disk)
  world.heldAtRestore = devices.flatMap(({ disk }) => rowsHeldBy(disk))
  await world.server.restore(backup.file, how)
}

function rowsHeldBy(disk: FaultyDisk): readonly HeldRow[] {
  const kinds = ['conversations', 'messages', 'personas', 'settings'] as const
  return kinds.flatMap(kind =>
    rowsOf(disk, kind)
      .filter(isRow)
      .map(row => ({ kind, row, disk })),
  )
}

type OnDevice = { readonly device: VirtualDevice; readonly act: Act }

/** True when the act was a device's to suffer. */
function troubleDevice(world: World, options: TabOptions, { device, act }: OnDevice): boolean {
  switch (act.kind) {
    case 'offline':
    case 'portal':
      device.line.isOnline = act.kind === 'portal'
      device.line.isPortal = act.kind === 'portal'
      return true
    case 'online':
      goOnline(device)
      return true
    case 'kill-tab':
      killOneTab(device, options, act)
      return true
    case 'second-tab':
      openTab(device, options)
      return true
    case 'clone':
      cloneDevice(world, options, device)
      return true
    case 'join':
      joinDevice(world, options)
      return true
    case 'jump-clock':
      device.skewMs = (act.choice % (2 * DAY_MS)) - DAY_MS
      return true
    case 'evict':
      evict(world, options, device)
      return true
    case 'short-disk':
      device.disk.room = act.choice % 8
      return true
    case 'fill-disk':
    case 'lose-database':
      breakDisk(world, device, act)
      return true
    default:
      return false
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

function killOneTab(device: VirtualDevice, options: TabOptions, act: Act): void {
  const tab = device.tabs[act.choice % Math.max(1, device.tabs.length)]
  if (tab === undefined) return
  killTab(device, tab)
  if (device.tabs.length === 0) openTab(device, options)
}

function cloneDevice(world: World, options: TabOptions, device: VirtualDevice): void {
  // A device that was never used has nothing to be copied by.
  if (rowsOf(device.disk, 'meta').length > 0) {
    addDevice(world, options, createVirtualDevice(world.devices.length, copyDisk(device.disk)))
  }
}

function addDevice(world: World, options: TabOptions, device: VirtualDevice): void {
  world.oracle.watch(device.disk)
  world.devices.push(device)
  openTab(device, options)
}

function evict(world: World, options: TabOptions, device: VirtualDevice): void {
  for (const tab of [...device.tabs]) killTab(device, tab)
  wipeDisk(device.disk)
  world.emptied.add(device.disk)
  openTab(device, options)
}

function breakDisk({ time }: World, { disk }: VirtualDevice, act: Act): void {
  disk.fault = act.kind === 'fill-disk' ? 'full' : 'lost'
  time.after(act.choice % 5000, () => {
    disk.fault = 'none'
  })
}
