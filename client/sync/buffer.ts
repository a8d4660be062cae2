import { AppError } from '#shared/errors.ts'

/** What was read and what is to be written, by name. */
export interface Buffer<Entry> {
  has(name: string): boolean
  get(name: string): Entry | undefined
  /** Throws AppError `internal` for what was never read: a caller forgot to load it. */
  mustGet(name: string): Entry
  /** Remembers what was read. */
  keep(name: string, entry: Entry): void
  /** Remembers what is to be written. */
  set(name: string, entry: Entry): void
  /** What is to be written, in the order of the first change; from then on it counts as written. */
  takeChanges(): readonly Entry[]
}

export function createBuffer<Entry>(): Buffer<Entry> {
  const read = new Map<string, Entry>()
  const changed = new Map<string, Entry>()
  const get = (name: string) => changed.get(name) ?? read.get(name)
  return {
    has: name => changed.has(name) || read.has(name),
    get,
    mustGet: name => {
      const entry = get(name)
      if (entry === undefined) throw new AppError('internal', `The row ${name} was not loaded.`)
      return entry
    },
    keep: (name, entry) => {
      read.set(name, entry)
    },
    set: (name, entry) => {
      changed.set(name, entry)
    },
    takeChanges: () => {
      const entries = [...changed]
      for (const [name, entry] of entries) read.set(name, entry)
      changed.clear()
      return entries.map(([, entry]) => entry)
    },
  }
}
