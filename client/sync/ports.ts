import type { ErrorDetail } from '#shared/errors.ts'
import type { RowKind } from '#shared/sync-kinds.ts'
import type { Boot, RowsTrailer, SyncPage, SyncRequest, SyncTrailer } from '#shared/wire/sync.ts'

/** Why a call to the server brought no page. Each asks for something different of the engine. */
export type SyncFailure =
  /** The server stands in another history (R10). `replace`: what is newer than its backup is wanted gone. */
  | { readonly kind: 'fork'; readonly epoch: string; readonly policy: 'merge' | 'replace' }
  /** The numbers of the push do not follow those the server has. */
  | { readonly kind: 'gap' }
  /** Another device uses this one's id (R3). */
  | { readonly kind: 'cloned' }
  /** This program is too old for the server. */
  | { readonly kind: 'upgrade' }
  /** This program is newer than the server. */
  | { readonly kind: 'too-new' }
  /** The server understood and said no. */
  | { readonly kind: 'refused'; readonly error: ErrorDetail }
  /** Nothing answered. */
  | { readonly kind: 'offline' }
  /** Something answered, but not as agreed: a captive portal, a page that was cut. */
  | { readonly kind: 'broken' }
  /** The server asks for patience. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number }

export type SyncOutcome<Page> = { readonly kind: 'page'; readonly page: Page } | SyncFailure
export type FeedPage = SyncPage<SyncTrailer>
export type RowsPage = SyncPage<RowsTrailer>

/** The server as the engine sees it. Every call resolves; an aborted one as `offline`. */
export interface SyncNet {
  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncOutcome<FeedPage>>
  boot(signal: AbortSignal): Promise<SyncOutcome<Boot>>
  /** Conversations, newest first, from where the last page ended; null begins. */
  conversationRows(before: string | null, signal: AbortSignal): Promise<SyncOutcome<RowsPage>>
  /** All messages of the conversations named, from `after` on: `[conversation, message]` of the last row that came. */
  messageRows(
    conversations: readonly string[],
    after: readonly [string, string] | null,
    signal: AbortSignal,
  ): Promise<SyncOutcome<RowsPage>>
  kindRows(kind: FirstLoadKind, before: string | null, signal: AbortSignal): Promise<SyncOutcome<RowsPage>>
}

/** The kinds that the first load brings whole, after the list of conversations. */
export type FirstLoadKind = Exclude<RowKind, 'conversations' | 'messages'>
