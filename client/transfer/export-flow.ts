import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { ImportFlowOptions } from './import-flow.ts'
import type { ExportJob, ExportResult } from './transfer-messages.ts'

/** Where an export stands. */
export type ExportState =
  | { readonly at: 'choose' }
  | { readonly at: 'writing'; readonly chats: number; readonly of: number }
  | { readonly at: 'done'; readonly result: ExportResult }
  | { readonly at: 'failed'; readonly message: string }

export interface ExportFlow {
  readonly state: ReadonlySignal<ExportState>
  /** Writes the file; null when it was stopped or failed. */
  start(job: ExportJob): Promise<ExportResult | null>
  stop(): void
}

/** One export, as long as `alive`. */
export function createExportFlow({ alive, run }: Pick<ImportFlowOptions, 'alive' | 'run'>): ExportFlow {
  const state = signal<ExportState>({ at: 'choose' })
  let job = new AbortController()
  return {
    state,
    start: async work => {
      job.abort()
      job = new AbortController()
      state.value = { at: 'writing', chats: 0, of: 0 }
      const end = await run(
        { kind: 'export', ...work },
        {
          alive: AbortSignal.any([alive, job.signal]),
          onProgress: (chats, of) => {
            state.value = { at: 'writing', chats, of }
          },
        },
      )
      if (end.kind === 'exported') state.value = { at: 'done', result: end.result }
      else if (end.kind === 'failed') state.value = { at: 'failed', message: end.error.message }
      else state.value = { at: 'choose' }
      return end.kind === 'exported' ? end.result : null
    },
    stop: () => job.abort(),
  }
}
