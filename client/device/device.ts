import type { ReadonlySignal } from '@preact/signals-core'
import type { Budget } from '#shared/budget.ts'
import type { Conversation, Message, MessageStatus, Persona, UsageLog } from '#shared/records.ts'
import type { UnavailableReason } from '../database/open-database.ts'
import type { FindAnswer } from '../search/find-answer.ts'
import type { SearchState } from '../search/search-messages.ts'
import type { ModelTaste } from '../stores/model-taste.ts'
import type { LocalEditor } from '../sync/local-edit.ts'
import type { OutboxEntry } from '../sync/outbox.ts'
import type { SyncStatus } from '../sync/sync-status.ts'
import type { LostEntry } from '../sync/sync-store.ts'
import type { StorageState } from '../sync-host/sync-host.ts'
import type { LedgerCall } from '../usage/ledger-call.ts'
import type { Period } from '../usage/periods.ts'
import type { DraftKeeper } from './draft-keeper.ts'
import type { SyncLogEntry } from './sync-log.ts'
import type { TemporaryChat } from './temporary-chat.ts'

/** A row of the list: the conversation and what the list shows of its content. */
export type ListedConversation = Conversation & {
  /** What its calls cost, by the ledger; null where no price is known. */
  readonly cost_nanousd: number | null
  /** How its newest message begins. */
  readonly preview: string | null
  readonly last_status: MessageStatus | null
}

/** Where a conversation lies. */
export type Shelf = 'chats' | 'archive' | 'trash'

/** The newest conversations of one shelf. */
export type ConversationPage = {
  readonly rows: readonly ListedConversation[]
  readonly hasMore: boolean
  /** False while the list is still being copied to this device for the first time. */
  readonly isComplete: boolean
  /** The same for all that hangs on it: messages, the ledger. */
  readonly isAllHere: boolean
}

export type PageOptions = { readonly shelf: Shelf; readonly most: number }

export type PutAway = { readonly archive: number; readonly trash: number }

/** The settings that all devices share. */
export type SettingValues = {
  readonly byName: ReadonlyMap<string, unknown>
  readonly taste: ModelTaste
  /** Null where no limits are set. */
  readonly budget: Budget | null
}

/** How many conversations this device knows, and of how many the messages are still to come. */
export type HeldHere = { readonly conversations: number; readonly unloaded: number }

export type Messages = ReadonlyMap<string, Message>

/** One conversation with all its branches, of one moment. */
export type StoredChat = {
  /** Null when this device does not know it. */
  readonly conversation: Conversation | null
  readonly messages: Messages
  /** False while its messages are still to be copied to this device. */
  readonly isComplete: boolean
  /** False for the newest messages alone, which are there first. */
  readonly isWhole: boolean
  /** What the messages cost that were deleted: they were paid all the same. */
  readonly goneCostNanousd: number | null
  /** The name of this device in the rows that it makes; null before it has one. */
  readonly deviceId: string | null
}

/** What a line of the ledger says beyond the sums of its answer. */
export type Call = Pick<
  UsageLog,
  'attempt' | 'served_model' | 'price_version' | 'price_lines' | 'cost_nanousd' | 'raw_usage' | 'timestamp'
>

/** What one provider call cost. */
export type Spending = {
  readonly timestamp: number
  /** Null where no price is known. */
  readonly costNanousd: number | null
}

/**
 * All that this device keeps, and the way to change it. Signals hold null until the first answer of the database is here, and
 * end with the `alive` they were asked for with.
 */
export interface Device {
  conversations(alive: AbortSignal, page: PageOptions): ReadonlySignal<ConversationPage | null>
  /** How many conversations are put away. */
  putAway(alive: AbortSignal): ReadonlySignal<PutAway | null>
  chat(alive: AbortSignal, conversationId: string): ReadonlySignal<StoredChat | null>
  /** The lines of the ledger for one answer, the newest last. */
  calls(alive: AbortSignal, answer: Pick<Message, 'id' | 'conversation_id'>): ReadonlySignal<readonly Call[] | null>
  /** The calls since a time. */
  spending(alive: AbortSignal, fromMs: number): ReadonlySignal<readonly Spending[] | null>
  /** The ledger's rows of a period, in the order of time. */
  ledger(alive: AbortSignal, period: Period): ReadonlySignal<readonly LedgerCall[] | null>
  /** When the first call in the ledger was made; null also while it is empty. */
  ledgerStart(alive: AbortSignal): ReadonlySignal<number | null>
  /** The titles of conversations, whatever became of them; those that this device does not know are left out. */
  titles(alive: AbortSignal, ids: readonly string[]): ReadonlySignal<ReadonlyMap<string, string> | null>
  settings(alive: AbortSignal): ReadonlySignal<SettingValues | null>
  /** Without deleted ones, by name. */
  personas(alive: AbortSignal): ReadonlySignal<readonly Persona[] | null>
  /** Changes that the server did not take, and that nobody has let go of yet; the newest first. */
  lost(alive: AbortSignal): ReadonlySignal<readonly LostEntry[] | null>
  heldHere(alive: AbortSignal): ReadonlySignal<HeldHere | null>
  /** The name of this device to the server; it may get a new one. */
  id(alive: AbortSignal): ReadonlySignal<string | null>
  readonly drafts: DraftKeeper
  readonly status: ReadonlySignal<SyncStatus>
  /** What the sync came to since this page was opened, the newest first. */
  readonly syncLog: ReadonlySignal<readonly SyncLogEntry[]>
  readonly storage: ReadonlySignal<StorageState>
  /** Prompts whose answers are not under way yet. */
  readonly outbox: ReadonlySignal<readonly OutboxEntry[]>
  /** Does an act of the user in one transaction, which is on the disk when this resolves. Throws AppError `disk-full` or `internal`. */
  edit<Result>(work: (editor: LocalEditor) => Promise<Result>): Promise<Result>
  /** Lets go of something lost; false when it is gone already. */
  dismiss(mid: string): Promise<boolean>
  /** Where the index of this device stands. */
  readonly search: ReadonlySignal<SearchState>
  /** Finds messages and chats on this device; null when something else was asked meanwhile. */
  find(text: string): Promise<FindAnswer | null>
  /** Hears how the reading of an answer came out: its row follows by the sync. */
  answerEnded(message: Message): void
  readonly temporary: TemporaryChat
  /** Somebody may be about to look at this conversation. */
  lookAhead(conversationId: string): void
  /** Fetches this conversation before all others. */
  open(conversationId: string): void
  /** Tries the server now. */
  wake(): void
}

/** A device before it can hold a chat that is kept nowhere. */
export type KeepingDevice = Omit<Device, 'temporary' | 'answerEnded'>

/** How the device's own data stand to this page. */
export type DeviceState = { readonly state: 'opening' } | OpenedDevice

/** How the opening came out. */
export type OpenedDevice =
  | { readonly state: 'open'; readonly device: Device }
  | {
      readonly state: 'closed'
      /** Why there is nothing to work with; `code`: a part of this program could not be fetched. */
      readonly reason: Exclude<UnavailableReason, 'refused'> | 'code'
    }
