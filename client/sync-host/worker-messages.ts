import type { SyncStatus } from '../sync/sync-status.ts'
import type { RunNews } from './parse.ts'

/** What a page asks of whichever worker syncs for this browser. */
export type Command =
  /** A follower that has just begun wants to know how things stand. */
  | { readonly kind: 'hello' }
  | { readonly kind: 'edited'; readonly isUrgent: boolean }
  | { readonly kind: 'wake' }
  | { readonly kind: 'open'; readonly conversationId: string }

/** What the worker that syncs tells all pages. */
export type News =
  | { readonly kind: 'status'; readonly status: SyncStatus }
  | { readonly kind: 'run'; readonly run: RunNews }

/** From a page to its worker. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly databaseName: string; readonly isVisible: boolean }
  | { readonly kind: 'visibility'; readonly isVisible: boolean }
  | { readonly kind: 'command'; readonly command: Command }

/** From a worker to its page. */
export type FromWorker =
  | { readonly kind: 'news'; readonly news: News }
  | { readonly kind: 'fault'; readonly message: string }

/** From worker to worker, over the broadcast channel. */
export type BetweenWorkers =
  | { readonly kind: 'heartbeat' }
  /** From a tab that follows: whether somebody can see it. */
  | { readonly kind: 'sight'; readonly isSeen: boolean }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'news'; readonly news: News }
