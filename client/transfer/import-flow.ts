import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { ImportReport } from '#shared/transfer/import/import-report.ts'
import type { ImportHead } from './import-record.ts'
import type { TransferRun } from './run-transfer.ts'
import type { TransferEnd, TransferJob, UndoResult } from './transfer-messages.ts'

/** Where an import stands. */
export type ImportState =
  | { readonly at: 'choose' }
  | { readonly at: 'trying'; readonly chats: number }
  | { readonly at: 'tried'; readonly report: ImportReport }
  | { readonly at: 'importing'; readonly chats: number; readonly of: number }
  | { readonly at: 'done'; readonly report: ImportReport; readonly batchId: string }
  | { readonly at: 'stopped'; readonly chats: number }
  | { readonly at: 'undoing'; readonly chats: number }
  | { readonly at: 'undone'; readonly result: UndoResult }
  | { readonly at: 'failed'; readonly message: string }

/** One import at a time. It goes on when nobody looks at it. */
export interface ImportFlow {
  readonly state: ReadonlySignal<ImportState>
  /** The imports of this device, the newest first. */
  readonly earlier: ReadonlySignal<readonly ImportHead[]>
  /** Reads files and tells what they hold; nothing changes. */
  look(files: readonly File[]): Promise<void>
  /** Brings in what was looked at. */
  start(): Promise<void>
  /** Ends what is going on. */
  stop(): void
  undo(batchId: string): Promise<void>
  /** Back to the choice of a file. */
  reset(): Promise<void>
}

export type ImportFlowOptions = {
  readonly alive: AbortSignal
  readonly run: (
    job: TransferJob,
    options: Omit<TransferRun, 'spawn'>,
  ) => Promise<TransferEnd | { readonly kind: 'stopped' }>
  /** Rows of this device have changed: they may leave for the server. */
  readonly onChanged: () => void
}

export function createImportFlow({ alive, run, onChanged }: ImportFlowOptions): ImportFlow {
  const state = signal<ImportState>({ at: 'choose' })
  const earlier = signal<readonly ImportHead[]>([])
  let files: readonly File[] = []
  let job = new AbortController()

  function go(work: TransferJob, onProgress: (chats: number) => void) {
    job.abort()
    job = new AbortController()
    return run(work, { alive: AbortSignal.any([alive, job.signal]), onProgress })
  }

  async function list(): Promise<void> {
    const end = await run({ kind: 'list' }, { alive, onProgress: () => undefined })
    if (end.kind === 'listed') earlier.value = end.imports
  }

  async function look(chosen: readonly File[]): Promise<void> {
    files = chosen
    state.value = { at: 'trying', chats: 0 }
    const end = await go({ kind: 'try', files }, chats => {
      state.value = { at: 'trying', chats }
    })
    if (end.kind === 'tried') state.value = { at: 'tried', report: end.report }
    else if (end.kind === 'failed') state.value = { at: 'failed', message: end.error.message }
    else state.value = { at: 'choose' }
  }

  async function start(): Promise<void> {
    const before = state.peek()
    if (before.at !== 'tried') return
    const { conversations } = before.report
    const of = conversations.new + conversations.grown + conversations.unchanged
    let done = 0
    state.value = { at: 'importing', chats: 0, of }
    const end = await go({ kind: 'import', files }, chats => {
      done = chats
      state.value = { at: 'importing', chats, of }
    })
    onChanged()
    await list()
    if (end.kind === 'imported') state.value = { at: 'done', ...end.result }
    else if (end.kind === 'failed') state.value = { at: 'failed', message: end.error.message }
    else state.value = { at: 'stopped', chats: done }
  }

  async function undo(batchId: string): Promise<void> {
    state.value = { at: 'undoing', chats: 0 }
    const end = await go({ kind: 'undo', batchId }, chats => {
      state.value = { at: 'undoing', chats }
    })
    onChanged()
    await list()
    if (end.kind === 'undone') state.value = { at: 'undone', result: end.result }
    else if (end.kind === 'failed') state.value = { at: 'failed', message: end.error.message }
    else state.value = { at: 'choose' }
  }

  async function reset(): Promise<void> {
    job.abort()
    state.value = { at: 'choose' }
    await list()
  }

  return { state, earlier, look, start, stop: () => job.abort(), undo, reset }
}
