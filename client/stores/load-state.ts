import type { Failure } from '../api/outcome.ts'
import type { OpenedDevice } from '../device/device.ts'

/** How far a set of rows has come onto this device. */
export type LoadState =
  /** Not read yet: a moment in which nothing is shown, for what is kept here paints at once. */
  | { readonly state: 'opening' }
  /** It was never here, and is on its way. */
  | { readonly state: 'loading' }
  | { readonly state: 'ready' }
  /** It was never here, and does not come now. */
  | { readonly state: 'failed'; readonly failure: Failure }
  /** This device can keep nothing. */
  | { readonly state: 'closed'; readonly reason: Extract<OpenedDevice, { state: 'closed' }>['reason'] }

/** Rows that are not here come when there is a way to the server; until then the reason stands in their place. */
export function loadingOr(failure: Failure | null): LoadState {
  return failure === null ? { state: 'loading' } : { state: 'failed', failure }
}
