import { DEVICE_RULES, type DeviceRules } from '#shared/sync-device-rules.ts'
import type { FieldSets, ServerRules } from '#shared/sync-rules.ts'
import type { ProfileName } from './schedule.ts'
import type { WorldOptions } from './world.ts'

/** One rule broken on purpose, and the kind of trouble in which that shows. */
export type Sabotage = {
  readonly rule: string
  readonly name: string
  readonly profile: ProfileName
  /** A seed that shows it. */
  readonly seed: number
  readonly options: WorldOptions
}

const device = (rules: Partial<DeviceRules>): WorldOptions => ({ rules })
const server = (serverRules: Partial<ServerRules>): WorldOptions => ({ serverRules })
const judgeByNumber: ServerRules['judgePush'] = (pushed, lastN) => pushed.filter(({ n }) => n > lastN)

export const SABOTAGES: readonly Sabotage[] = [
  {
    rule: 'R1',
    name: 'ids are the time alone',
    ...{ profile: 'calm', seed: 8 },
    options: { idBytes: length => new Uint8Array(length) },
  },
  {
    rule: 'R2',
    name: 'row and mutation are not one transaction',
    profile: 'crash',
    seed: 1,
    options: { isTorn: true },
  },
  {
    rule: 'R2',
    name: 'a sent mutation is changed in place',
    ...{ profile: 'crash', seed: 7 },
    options: device({ mayEditInPlace: () => true }),
  },
  {
    rule: 'R3',
    name: 'a device counts by number alone',
    ...{ profile: 'clone', seed: 1 },
    options: device({ isOwnAck: () => true }),
  },
  {
    rule: 'R3',
    name: 'both sides count by number alone',
    ...{ profile: 'clone', seed: 1 },
    options: { ...device({ isOwnAck: () => true }), ...server({ judgePush: judgeByNumber }) },
  },
  {
    rule: 'R3',
    name: 'the server counts by number alone',
    ...{ profile: 'clone', seed: 119 },
    options: server({ judgePush: judgeByNumber }),
  },
  {
    rule: 'R4',
    name: 'no at + 1',
    ...{ profile: 'clocks', seed: 2 },
    options: device({ nextClock: (now, _replaced, name) => [now, name] }),
  },
  {
    rule: 'R4',
    name: 'the last to arrive wins',
    ...{ profile: 'calm', seed: 8 },
    options: server({ mergeFields: takeWhatComes }),
  },
  {
    rule: 'R5',
    name: 'a device takes up rows behind a tombstone',
    ...{ profile: 'join', seed: 12 },
    options: device({ isAbsorbed: () => false }),
  },
  {
    rule: 'R5',
    name: 'the server takes up edits behind a tombstone',
    ...{ profile: 'calm', seed: 30 },
    options: server({ absorbs: () => false }),
  },
  {
    rule: 'R6',
    name: 'whatever comes replaces what is there',
    ...{ profile: 'tabs', seed: 128 },
    options: device({ isNewer: () => true }),
  },
  {
    rule: 'R7',
    name: 'a mutation goes with its acknowledgement',
    ...{ profile: 'calm', seed: 2 },
    options: device({ mayRetire: ({ acked }) => acked !== null }),
  },
  {
    rule: 'R7',
    name: 'a mutation goes when the cursor has passed it',
    ...{ profile: 'slow', seed: 8 },
    options: device({ mayRetire: ({ acked }, { cursor }) => acked !== null && acked <= cursor }),
  },
  {
    rule: 'R8',
    name: 'the server’s row is shown as it is',
    ...{ profile: 'calm', seed: 1 },
    options: device({
      overlayRow: (ref, row, pending) => row ?? DEVICE_RULES.overlayRow(ref, row, pending),
    }),
  },
  {
    rule: 'R9',
    name: 'the cursor jumps to the head',
    ...{ profile: 'slow', seed: 1 },
    options: device({ nextCursor: ({ next, head }) => [head, next[1]] }),
  },
  {
    rule: 'R10',
    name: 'the server believes every cursor',
    ...{ profile: 'rollback', seed: 2 },
    options: server({ findFork: () => null }),
  },
  {
    rule: 'R11',
    name: 'what the backup does not hold is dropped',
    ...{ profile: 'restore', seed: 1 },
    options: device({ mergeUp: () => null }),
  },
  {
    rule: 'R11',
    name: 'positions of two histories are compared',
    ...{ profile: 'restore', seed: 1 },
    options: device({ isNewer: (incoming, stored) => stored === null || stored.rev < incoming.rev }),
  },
  {
    rule: 'R11',
    name: 'part of an answer in the backup stands for the whole',
    ...{ profile: 'restore', seed: 5 },
    options: device({ rescueAnswer: () => null }),
  },
]

/** A rule that can be left out without harm, because another one covers it; kept, for each is one comparison. */
export type Survivor = Omit<Sabotage, 'seed'> & { readonly because: string }

export const SURVIVORS: readonly Survivor[] = [
  {
    rule: 'R6',
    name: 'the cursor moves with any page',
    profile: 'tabs',
    options: device({ mayAdvance: () => true }),
    because: 'An older page only moves it back, and what is read twice is taken once (the other half of R6).',
  },
  {
    rule: 'R10',
    name: 'a device takes pages of any history',
    profile: 'restore',
    options: device({ isSameHistory: () => true }),
    because:
      'The server refuses a request of another history, and a device that leaves one takes a new id, which no older reply has.',
  },
  {
    rule: 'R11',
    name: 'pushing while recovering',
    profile: 'restore',
    options: device({ mayPush: () => true }),
    because:
      'What the user did waits under parked numbers, which no push takes; only what merges up would go earlier, with the clocks it had.',
  },
]

function takeWhatComes(
  clocks: Parameters<ServerRules['mergeFields']>[0],
  _createdAt: Parameters<ServerRules['mergeFields']>[1],
  sets: FieldSets,
): ReturnType<ServerRules['mergeFields']> {
  const fields = Object.entries(sets)
  return {
    changed: Object.fromEntries(fields.map(([field, [value]]) => [field, value])),
    clocks: { ...clocks, ...Object.fromEntries(fields.map(([field, [, at]]) => [field, at])) },
    lost: {},
  }
}
