import type { Act, Schedule } from './schedule.ts'

/** What may happen next: the users' acts on two devices, and what befalls either of them, the line and the server. */
const ALPHABET: readonly Pick<Act, 'kind' | 'device'>[] = [
  { kind: 'rename', device: 0 },
  { kind: 'rename', device: 1 },
  { kind: 'follow-up', device: 0 },
  { kind: 'purge', device: 1 },
  { kind: 'offline', device: 0 },
  { kind: 'online', device: 0 },
  { kind: 'kill-tab', device: 0 },
  { kind: 'clone', device: 0 },
  { kind: 'kill-server', device: 0 },
  { kind: 'back-up', device: 0 },
  { kind: 'restore-merge', device: 0 },
]

/** Between two acts: before a change has left its device, while it is on the way, and when all is at rest. */
const PACES_MS = [20, 90, 600] as const
const FIRST_ACT_MS = 1500

type Line = Pick<Schedule, 'faults' | 'isFine' | 'pageRows'>
const LINES: readonly Line[] = [
  { faults: { drop: 0, duplicate: 0, truncate: 0, longestDelayMs: 50 }, isFine: false, pageRows: 500 },
  // Every request arrives twice, every page holds one row, and anything comes between two requests to the store.
  { faults: { drop: 0, duplicate: 1, truncate: 0, longestDelayMs: 120 }, isFine: true, pageRows: 1 },
]

/** Every sequence of `depth` acts after one prompt that both devices know, at each pace, over each line. */
export function* smallScope(depth: number): Generator<Schedule> {
  for (const pace of PACES_MS) {
    for (const line of LINES) {
      for (const sequence of sequences(depth)) {
        const acts = sequence.map((act, index) => ({ ...act, at: FIRST_ACT_MS + index * pace, choice: 2 * index }))
        const prompt: Act = { kind: 'ask', device: 0, at: 100, choice: 0 }
        yield { seed: 1, profile: 'rollback', devices: 2, acts: [prompt, ...acts], ...line }
      }
    }
  }
}

function* sequences(depth: number): Generator<readonly Pick<Act, 'kind' | 'device'>[]> {
  if (depth === 0) {
    yield []
    return
  }
  for (const rest of sequences(depth - 1)) for (const act of ALPHABET) yield [act, ...rest]
}
