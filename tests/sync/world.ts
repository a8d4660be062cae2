import type { RandomBytes } from '#shared/clock.ts'
import { DEVICE_RULES, type DeviceRules } from '#shared/sync-device-rules.ts'
import { SERVER_RULES, type ServerRules } from '#shared/sync-rules.ts'
import { checkCursor, checkRest } from './invariants.ts'
import { createOracle, type Violation } from './oracle.ts'
import { mixSeeds } from './random-source.ts'
import { SCHEDULE_MS, type Schedule } from './schedule.ts'
import { goOnline, joinDevice, noteFault, perform, startServer } from './trouble.ts'
import { openTab, type TabOptions } from './virtual-device.ts'
import type { LineFaults } from './virtual-net.ts'
import { createVirtualServer } from './virtual-server.ts'
import { createVirtualTime } from './virtual-time.ts'
import type { World } from './world-state.ts'

/** What a test breaks on purpose. */
export type WorldOptions = {
  readonly rules?: Partial<DeviceRules>
  readonly serverRules?: Partial<ServerRules>
  /** Each request of the stores commits by itself. */
  readonly isTorn?: boolean
  /** What ids are made of instead of chance. */
  readonly idBytes?: RandomBytes
}

export type WorldEnd = { readonly violations: readonly Violation[]; readonly traceHash: number }

const START_MS = Date.UTC(2026, 0, 1)
/** Every wait of the engine is over by then. */
const SETTLE_MS = 10 * 60 * 1000
const HOUR_MS = 60 * 60 * 1000
const GOOD_LINE: LineFaults = { drop: 0, duplicate: 0, truncate: 0, longestDelayMs: 50 }

/** Lives one schedule through, puts everything right, and checks what is left. */
export async function runWorld(schedule: Schedule, options: WorldOptions = {}): Promise<WorldEnd> {
  const violations: Violation[] = []
  const trace = createTrace()
  const world = await createWorld(schedule, options, {
    trace: trace.add,
    // One of each kind says enough.
    report: violation => {
      if (!violations.some(({ invariant }) => invariant === violation.invariant)) violations.push(violation)
    },
  })
  const { time, server } = world
  const tabOptions = tabOptionsOf(world, options)
  pokeDevices(world)
  for (let name = 0; name < schedule.devices; name++) joinDevice(world, tabOptions)
  for (const act of schedule.acts) time.after(act.at, () => perform(world, tabOptions, act))
  try {
    await time.run(START_MS + SCHEDULE_MS)
    await settle(world, tabOptions)
    checkRest(world)
    await checkIdle(world)
  } catch (cause) {
    noteFault(world, cause)
  }
  server.close()
  return { violations, traceHash: trace.hash() }
}

/** Folds everything that happened into one number (FNV-1a). */
function createTrace(): { readonly add: (line: string) => void; readonly hash: () => number } {
  let hash = 0x811c9dc5
  return {
    add: line => {
      for (let index = 0; index < line.length; index++) {
        hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193) >>> 0
      }
    },
    hash: () => hash,
  }
}

type Ears = { readonly trace: (line: string) => void; readonly report: (violation: Violation) => void }

async function createWorld(schedule: Schedule, options: WorldOptions, { trace, report }: Ears): Promise<World> {
  const time = createVirtualTime(START_MS)
  const rules = { ...SERVER_RULES, ...options.serverRules }
  const world: World = {
    schedule,
    time,
    server: await createVirtualServer(time, mixSeeds(schedule.seed, 7), rules),
    devices: [],
    report,
    isMended: false,
    restoredAt: null,
    heldAtRestore: [],
    strangers: new Set(),
    emptied: new Set(),
    backup: null,
    oracle: createOracle({
      now: time.now,
      report,
      trace,
      onCursor: (disk, meta) => checkCursor(world, disk, meta),
      mayShrink: () => world.restoredAt !== null,
    }),
  }
  return world
}

function tabOptionsOf(world: World, options: WorldOptions): TabOptions {
  const { schedule, time, server } = world
  return {
    time,
    server,
    rules: { ...DEVICE_RULES, ...options.rules },
    faults: () => (world.isMended ? GOOD_LINE : schedule.faults),
    seed: schedule.seed,
    isFine: schedule.isFine,
    pageRows: schedule.pageRows,
    isTorn: options.isTorn ?? false,
    onFault: cause => noteFault(world, cause),
    idBytes: options.idBytes ?? null,
  }
}

/** What `GET /api/live` does: says that there is something new, to whom it can reach. */
function pokeDevices({ server, devices, time }: World): void {
  server.onRev(at => {
    time.after(50, () => {
      for (const { line, tabs } of devices) {
        if (line.isOnline && !line.isPortal) for (const { engine } of tabs) engine.poke(at)
      }
    })
  })
}

/** Everything works again, and everybody looks. */
async function settle(world: World, options: TabOptions): Promise<void> {
  world.isMended = true
  await startServer(world)
  for (const device of world.devices) {
    device.disk.fault = 'none'
    device.disk.room = Number.POSITIVE_INFINITY
    if (device.tabs.length === 0) openTab(device, options)
    goOnline(device)
  }
  const isQuiet = await world.time.run(world.time.now() + SETTLE_MS)
  if (!isQuiet) world.report({ invariant: 'I18', detail: 'something still happens ten minutes after all is well' })
}

/** I18: where nothing is to be done, nothing is done. */
async function checkIdle(world: World): Promise<void> {
  const before = world.devices.map(({ line }) => line.calls)
  await world.time.run(world.time.now() + HOUR_MS)
  const after = world.devices.map(({ line }) => line.calls)
  if (String(before) !== String(after)) world.report({ invariant: 'I18', detail: 'an idle device calls its server' })
}
