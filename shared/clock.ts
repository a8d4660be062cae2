/** The only source of time in rules and services: milliseconds since 1970 UTC. */
export interface Clock {
  now(): number
}

/** The only source of delays. */
export interface Scheduler {
  /** Calls `work` once after `delayMs`; the function returned takes that back. A waiting call keeps no process alive. */
  after(delayMs: number, work: () => void): () => void
}

/** The only source of randomness: fresh random bytes. */
export type RandomBytes = (length: number) => Uint8Array
