import { seededRandom } from '../helpers/seeded-random.ts'
import { mixSeeds } from './random-source.ts'
import type { LineFaults } from './virtual-net.ts'

/** What may happen in a world. The numbers choose: which device, which row, which value. */
type ActKind =
  | 'ask'
  | 'rename'
  | 'instruct'
  | 'tag'
  | 'trash'
  | 'untrash'
  | 'purge'
  | 'follow-up'
  | 'cancel'
  | 'setting'
  | 'persona'
  | 'read'
  | 'import'
  | 'offline'
  | 'online'
  | 'portal'
  | 'kill-tab'
  | 'second-tab'
  | 'kill-server'
  | 'back-up'
  | 'restore-merge'
  | 'restore-copy'
  | 'restore-bare'
  | 'restore-replace'
  | 'clone'
  | 'join'
  | 'jump-clock'
  | 'evict'
  | 'fill-disk'
  | 'short-disk'
  | 'lose-database'

export type Act = { readonly at: number; readonly kind: ActKind; readonly device: number; readonly choice: number }

export type Schedule = {
  readonly seed: number
  readonly profile: ProfileName
  readonly devices: number
  readonly acts: readonly Act[]
  readonly faults: LineFaults
  readonly isFine: boolean
  readonly pageRows: number
}

type Profile = {
  /** Acts beside those of the user, and how often each comes on average in one schedule. */
  readonly trouble: Partial<Record<ActKind, number>>
  readonly maxSkewMs: number
  /** One row a page over the slowest line: much happens between two pages. */
  readonly isSlow?: boolean
  /** Not everything can be kept here; see the profile. */
  readonly isBestEffort?: boolean
}

const DAY_MS = 24 * 60 * 60 * 1000

export const PROFILES = {
  calm: { trouble: { offline: 1, online: 1 }, maxSkewMs: 0 },
  crash: { trouble: { 'kill-tab': 2, 'kill-server': 2, offline: 1, online: 1 }, maxSkewMs: 0 },
  tabs: { trouble: { 'second-tab': 2, 'kill-tab': 1, offline: 1, online: 1 }, maxSkewMs: 0 },
  clocks: { trouble: { 'jump-clock': 3, offline: 1, online: 1 }, maxSkewMs: DAY_MS },
  join: { trouble: { join: 2, offline: 1, online: 1, 'kill-tab': 1 }, maxSkewMs: 0 },
  slow: { trouble: { offline: 1, online: 1, 'kill-tab': 1 }, maxSkewMs: 0, isSlow: true },
  clone: { trouble: { clone: 2, offline: 2, online: 1 }, maxSkewMs: 0 },
  storage: { trouble: { 'fill-disk': 1, 'lose-database': 1, evict: 1, 'kill-tab': 1 }, maxSkewMs: 0 },
  portal: { trouble: { portal: 2, online: 2, offline: 1 }, maxSkewMs: 0 },
  restore: { trouble: { 'back-up': 1, 'restore-merge': 0, offline: 1, online: 1, 'kill-tab': 1 }, maxSkewMs: 60_000 },
  rollback: { trouble: { 'back-up': 1, 'restore-copy': 0, offline: 1, online: 1 }, maxSkewMs: 0 },
  // A copy put back by hand without the note beside it is found out only when a device proves it. Rows of the lost history that
  // a device holds beyond its cursor may then pass for rows of the new one.
  'bare-rollback': {
    trouble: { 'back-up': 1, 'restore-bare': 0, offline: 1, online: 1 },
    ...{ maxSkewMs: 0, isBestEffort: true },
  },
  replace: { trouble: { 'back-up': 1, 'restore-replace': 0, offline: 1, online: 1 }, maxSkewMs: 0 },
  // Room for a few messages only: the oldest give way to what is new, opened or written here.
  full: { trouble: { 'short-disk': 3, offline: 1, online: 1, 'kill-tab': 1, join: 1, read: 4 }, maxSkewMs: 0 },
  // The same files are brought in on several devices.
  import: {
    trouble: { import: 4, offline: 1, online: 1, 'kill-tab': 1, 'second-tab': 1, clone: 1, join: 1 },
    maxSkewMs: 0,
  },
  'import-restore': {
    trouble: { import: 4, 'back-up': 1, 'restore-merge': 0, offline: 2, online: 1, 'kill-tab': 1 },
    maxSkewMs: 60_000,
  },
  'import-full': {
    trouble: { import: 4, 'short-disk': 2, 'fill-disk': 1, offline: 1, online: 1, read: 3 },
    maxSkewMs: 0,
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES
const ALL_PROFILES = Object.keys(PROFILES).filter((name): name is ProfileName => name in PROFILES)
/** The profiles under which every promise is kept. */
export const PROFILE_NAMES = ALL_PROFILES.filter(name => !profileOf(name).isBestEffort)

function profileOf(name: ProfileName): Profile {
  return PROFILES[name]
}

const USER_ACTS: readonly ActKind[] = [
  'ask',
  'ask',
  'rename',
  'rename',
  'rename',
  'instruct',
  'tag',
  'trash',
  'untrash',
  'purge',
  'follow-up',
  'follow-up',
  'cancel',
  'setting',
  'persona',
  'read',
]

export const SCHEDULE_MS = 30_000

/** The schedule of a seed: the same for the same seed and profile. */
export function makeSchedule(seed: number, profile: ProfileName): Schedule {
  const random = seededRandom(mixSeeds(seed, ALL_PROFILES.indexOf(profile)))
  const whole = (below: number): number => Math.floor(random() * below)
  const devices = 2 + whole(2)
  const act = (kind: ActKind): Act => ({ at: whole(SCHEDULE_MS), kind, device: whole(8), choice: whole(1_000_000) })
  const acts = Array.from({ length: 10 + whole(25) }, () => act(USER_ACTS[whole(USER_ACTS.length)] ?? 'rename'))
  acts.push({ ...act('ask'), at: whole(500) })
  const trouble: Partial<Record<ActKind, number>> = PROFILES[profile].trouble
  for (const [kind, often] of Object.entries(trouble)) {
    const count = Math.floor(often * 2 * random() + 0.5)
    for (let index = 0; index < count; index++) acts.push(act(kind as ActKind))
  }
  const restore = (['restore-merge', 'restore-copy', 'restore-bare', 'restore-replace'] as const).find(
    kind => kind in trouble,
  )
  if (restore !== undefined) {
    // Half of the backups are made while an answer is being written.
    const asked = acts.find(({ kind, at }) => kind === 'ask' && at < SCHEDULE_MS / 2)
    const at = asked !== undefined && whole(2) === 0 ? asked.at + whole(800) : whole(SCHEDULE_MS / 2)
    acts.push({ ...act('back-up'), at })
    acts.push({ ...act(restore), at: SCHEDULE_MS / 2 + whole(SCHEDULE_MS / 2) })
  }
  // Somebody purges while a new device is still loading.
  for (const { at, kind } of [...acts]) if (kind === 'join') acts.push({ ...act('purge'), at: at + whole(3000) })
  const { isSlow = false } = profileOf(profile)
  const isRough = isSlow || random() < 0.7
  return {
    seed,
    profile,
    devices,
    acts: acts.toSorted((left, right) => left.at - right.at),
    faults: isRough
      ? {
          drop: random() * 0.3,
          duplicate: random() * 0.3,
          truncate: random() * 0.1,
          longestDelayMs: isSlow ? 3000 : whole(3000),
        }
      : { drop: 0, duplicate: 0, truncate: 0, longestDelayMs: 50 },
    isFine: random() < 0.3,
    pageRows: isSlow ? 1 : random() < 0.4 ? 1 + whole(4) : 500,
  }
}
