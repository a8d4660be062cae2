import { NO_TOKENS } from '#shared/records.ts'
import type { TemporaryCallRow } from '../database/schema.ts'
import type { Writer } from '../database/writer.ts'
import type { PriceSource } from '../providers/usage.ts'
import { type SettleDependencies, settleCall } from '../usage/settle-call.ts'
import { recordCall } from './finish-run.ts'
import type { RunJournal } from './run-journal.ts'
import { deleteTemporaryCall, listTemporaryCalls } from './temporary-calls-store.ts'

type RecoverDependencies = SettleDependencies & {
  readonly writer: Writer
  readonly journal: RunJournal
  readonly priceSourceOf: (providerId: string) => PriceSource
}

/**
 * Counts the calls of temporary chats that a dead process left behind: the prompt's tokens, estimated. Their text is gone with
 * that process, and so is what was answered.
 */
export async function recoverTemporaryCalls(dependencies: RecoverDependencies): Promise<void> {
  const { writer, journal } = dependencies
  for (const row of listTemporaryCalls(writer.sqlite)) {
    const settled = journal.has(row.run_id) ? await settle(dependencies, row) : null
    writer.write(transaction => {
      if (settled) recordCall(transaction, { ...row, id: row.run_id }, settled)
      deleteTemporaryCall(transaction, row.run_id)
    })
  }
}

async function settle(dependencies: RecoverDependencies, row: TemporaryCallRow) {
  const slash = row.model.indexOf('/')
  const call = {
    attempt: row.attempt,
    startedAt: row.started_at,
    isAccepted: true,
    isFinished: false,
    usage: { tokens: { ...NO_TOKENS, input: row.tokens_prompt }, raw: null, serviceTier: null, reportedPicousd: null },
    servedModel: null,
    requestId: null,
    text: '',
    reasoning: '',
  }
  const prices = dependencies.priceSourceOf(row.model.slice(0, slash))
  const context = { model: row.model.slice(slash + 1), prompt: [] }
  const settlement = await settleCall(dependencies, { prices }, context, call)
  return { call, settlement, outcome: 'interrupted' } as const
}
