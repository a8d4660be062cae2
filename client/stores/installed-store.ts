import { type Signal, signal } from '@preact/signals-core'
import type { Updates } from '../platform/updates.ts'

/** Whether the page itself opens without the pi. */
export type OfflineState =
  | 'unknown'
  /** It is kept on this device, with all its parts. */
  | 'kept'
  /** Browsers keep only what came over HTTPS, or from the machine itself. */
  | 'insecure'
  /** The certificate was waved through, not trusted: then nothing is kept. */
  | 'untrusted'
  /** It could not be fetched; the next start tries again. */
  | 'unfetched'

/** What makes this page an app of its own. Its parts come after the first paint. */
export type InstalledStore = {
  /** The browser's offer to install this page; null while there is none. */
  readonly offer: Signal<Event | null>
  readonly offline: Signal<OfflineState>
  /** Null until the service worker is there. */
  readonly updates: Signal<Updates | null>
  /** The conversations with an answer that finished while nobody looked. */
  readonly unread: Signal<ReadonlySet<string>>
  /** Somebody came by the search shortcut; the screen sets it back. */
  readonly wantsFind: Signal<boolean>
}

export function createInstalledStore(offer: Signal<Event | null>): InstalledStore {
  return {
    offer,
    offline: signal<OfflineState>('unknown'),
    updates: signal<Updates | null>(null),
    unread: signal<ReadonlySet<string>>(new Set()),
    wantsFind: signal(false),
  }
}
