import type { AppError } from '#shared/errors.ts'
import type { ProviderEvent } from '../provider.ts'
import type { JsonRecord } from './json.ts'

/** Turns the objects of one protocol's stream into our events. */
export interface Translator {
  /** Adds the events of one object. Throws AppError where it says that the answer failed. */
  translate(payload: JsonRecord, events: ProviderEvent[]): void
  /** Adds what was held back, as no more objects come. */
  flush(events: ProviderEvent[]): void
  /** `complete` once the answer is whole though more may follow, `over` when nothing more can. */
  state(): 'running' | 'complete' | 'over'
}

/** Makes the error that an error object of the provider stands for. */
export type Fail = (error: unknown) => AppError
