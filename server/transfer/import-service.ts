import type { Clock } from '#shared/clock.ts'
import type { WritableKind } from '#shared/sync-kinds.ts'
import { SERVER_DEVICE, SERVER_RULES } from '#shared/sync-rules.ts'
import type { FileChat } from '#shared/transfer/file-format.ts'
import type { ImportFile } from '#shared/transfer/import/import-limits.ts'
import { createReportKeeper, type ImportReport, type ReportKeeper } from '#shared/transfer/import/import-report.ts'
import {
  type ChatPlan,
  conversationValues,
  messageValues,
  planChat,
  renewIds,
} from '#shared/transfer/import/plan-chat.ts'
import { readImport } from '#shared/transfer/import/read-import.ts'
import { SYNC_SCHEMA } from '#shared/wire/sync.ts'
import type { Writer, WriteTransaction } from '../database/writer.ts'
import type { Asker } from '../runs/store-run.ts'
import { changeConversation } from '../sync/apply-fields.ts'
import { type ApplyContext, applyMutation } from '../sync/apply-mutation.ts'
import { findStanding } from './transfer-store.ts'

export interface ImportService {
  /**
   * Brings in what is missing of a file, or only says what that would be. The whole file is read and judged before the first row
   * is written: a file that is wrong anywhere changes nothing. Throws AppError with the wrong field.
   */
  import(asker: Asker, file: ImportFile, options: { readonly isDryRun: boolean }): Promise<ImportReport>
}

type Row = { readonly kind: WritableKind; readonly id: string; readonly values: Readonly<Record<string, unknown>> }

/** Rows of one transaction: it holds up everybody else for some 20 ms on a Pi. */
const MOST_ROWS = 200
/** Ids are renewed for what was purged here; purged again and again, it is found by its next ids. */
const MOST_GENERATIONS = 100

export function createImportService({
  writer,
  clock,
}: {
  readonly writer: Writer
  readonly clock: Clock
}): ImportService {
  async function pass(asker: Asker, file: ImportFile, apply: ((plan: ChatPlan) => void) | null): Promise<ImportReport> {
    const keeper = createReportKeeper()
    const options = { decode: decodeUtf8, nowMs: clock.now() }
    for await (const found of readImport([file], options)) {
      keeper.skipped(found.skipped)
      if (found.source !== null) keeper.foundSource(found.source)
      if (found.kind !== 'chat') continue
      const plan = planIn(writer, asker.userId, found.chat, keeper)
      if (plan === null) continue
      apply?.(plan)
      keeper.planned(plan, found.missing)
    }
    return keeper.report()
  }

  return {
    import: async (asker, file, { isDryRun }) => {
      const expected = await pass(asker, file, null)
      return isDryRun ? expected : pass(asker, file, plan => applyPlan(writer, asker, plan))
    },
  }
}

function planIn({ sqlite }: Writer, userId: number, chat: FileChat, keeper: ReportKeeper): ChatPlan | null {
  for (let generation = 0; generation < MOST_GENERATIONS; generation++) {
    const candidate = generation === 0 ? chat : renewIds(chat, generation)
    const standing = findStanding(sqlite, userId, candidate)
    if (standing !== null && standing.standing !== 'purged') return planChat(candidate, standing)
  }
  keeper.skipped([{ chat: chat.title, node: null, reason: 'its id belongs to something else here' }])
  return null
}

function applyPlan(writer: Writer, asker: Asker, plan: ChatPlan): void {
  const { chat, newMessages, change } = plan
  const rows = newMessages.map((message): Row => {
    return { kind: 'messages', id: message.id, values: messageValues(chat.id, message) }
  })
  if (plan.kind === 'new') rows.unshift({ kind: 'conversations', id: chat.id, values: conversationValues(chat) })
  for (let start = 0; start < rows.length; start += MOST_ROWS) {
    writer.write(transaction => {
      for (const row of rows.slice(start, start + MOST_ROWS)) putRow(transaction, asker, row)
    })
  }
  if (change === null) return
  const target = { userId: asker.userId, id: chat.id, device: asker.deviceId ?? SERVER_DEVICE }
  writer.write(transaction => changeConversation(transaction, target, change))
}

/** By the same rules as what a device pushes. */
function putRow(transaction: WriteTransaction, asker: Asker, { kind, id, values }: Row): void {
  const deviceId = asker.deviceId ?? SERVER_DEVICE
  const at: [number, string] = [Number(values['created_at']), deviceId]
  const set = Object.fromEntries(
    Object.entries(values).map(([field, value]): [string, [unknown, [number, string]]] => [field, [value, at]]),
  )
  const context: ApplyContext = {
    userId: asker.userId,
    deviceId,
    rules: SERVER_RULES,
    isRestored: false,
    canAsk: () => false,
    isOverBudget: () => false,
    started: [],
    stopped: [],
  }
  const outcome = applyMutation(transaction, context, { op: 'put', kind, id, set, n: 0, mid: '', schema: SYNC_SCHEMA })
  if (outcome !== null) throw new Error(`A row that was judged right came out as ${outcome}`)
}

function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
