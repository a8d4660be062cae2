import type { ReadonlySignal } from '@preact/signals-core'
import type { DeviceState } from '../device/device.ts'
import { createExportFlow, type ExportFlow } from './export-flow.ts'
import { createImportFlow, type ImportFlow } from './import-flow.ts'
import { runTransfer } from './run-transfer.ts'

/** Taking out and bringing in, as the page sees it. */
export type Transfer = {
  readonly imports: ImportFlow
  /** An export of its own, as long as `alive`. */
  createExport(alive: AbortSignal): ExportFlow
}

export type TransferOptions = {
  readonly alive: AbortSignal
  /** Starts `workers/transfer-worker.ts`. */
  readonly spawn: () => Worker
  readonly device: ReadonlySignal<DeviceState>
}

export function createTransfer({ alive, spawn, device }: TransferOptions): Transfer {
  const onChanged = (): void => {
    const state = device.peek()
    if (state.state === 'open') state.device.wake()
  }
  const run: Parameters<typeof createImportFlow>[0]['run'] = (job, options) => runTransfer(job, { ...options, spawn })
  return {
    imports: createImportFlow({ alive, run, onChanged }),
    createExport: life => createExportFlow({ alive: life, run }),
  }
}
