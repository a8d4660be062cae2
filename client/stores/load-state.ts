import type { Failure } from '../api/outcome.ts'

/** How far a set of rows has come onto this device. */
export type LoadState =
  | { readonly state: 'loading' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly failure: Failure }
