import type { FindAnswer } from './find-answer.ts'

/** Where the index stands. */
export type SearchState =
  /** Another tab holds the files and does not answer, or the database cannot be read. */
  { readonly kind: 'away' } | { readonly kind: 'here'; readonly share: number }

/** From a page to its worker. */
export type ToSearchWorker =
  | { readonly kind: 'begin'; readonly databaseName: string; readonly isVisible: boolean }
  | { readonly kind: 'visibility'; readonly isVisible: boolean }
  | { readonly kind: 'find'; readonly id: number; readonly text: string }

/** From a worker to its page. */
export type FromSearchWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: FindAnswer }
  | { readonly kind: 'state'; readonly state: SearchState }
  | { readonly kind: 'fault'; readonly message: string }

/** From worker to worker, over the broadcast channel. */
export type BetweenSearchWorkers =
  | { readonly kind: 'heartbeat'; readonly state: SearchState }
  /** `from` names the worker that asks. */
  | { readonly kind: 'find'; readonly from: string; readonly id: number; readonly text: string }
  | { readonly kind: 'answer'; readonly to: string; readonly id: number; readonly answer: FindAnswer }
