import type { ErrorDetail } from '#shared/errors.ts'
import type { ExportFormat } from '#shared/transfer/export-formats.ts'
import type { ImportReport } from '#shared/transfer/import/import-report.ts'
import type { ImportHead } from './import-record.ts'

export type ExportJob = {
  readonly format: ExportFormat
  /** Null: all that this device keeps. */
  readonly conversationIds: readonly string[] | null
}

/** What a worker is started for; it does one job and ends. */
export type TransferJob =
  | ({ readonly kind: 'export' } & ExportJob)
  /** Reads the files and changes nothing. */
  | { readonly kind: 'try'; readonly files: readonly File[] }
  | { readonly kind: 'import'; readonly files: readonly File[] }
  | { readonly kind: 'undo'; readonly batchId: string }
  /** Which imports there were. */
  | { readonly kind: 'list' }

export type ExportResult = {
  readonly file: File
  readonly conversations: number
  /** Chats whose messages are not all on this device yet. */
  readonly incomplete: number
}

export type ImportResult = { readonly batchId: string; readonly report: ImportReport }

/** What went back to the trash. */
export type UndoResult = { readonly conversations: number; readonly messages: number }

/** How a job ends. */
export type TransferEnd =
  | { readonly kind: 'exported'; readonly result: ExportResult }
  | { readonly kind: 'tried'; readonly report: ImportReport }
  | { readonly kind: 'imported'; readonly result: ImportResult }
  | { readonly kind: 'undone'; readonly result: UndoResult }
  | { readonly kind: 'listed'; readonly imports: readonly ImportHead[] }
  | { readonly kind: 'failed'; readonly error: ErrorDetail }

export type TransferAnswer =
  | TransferEnd
  /** Chats so far; of `total` 0 nobody knows how many there are. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
