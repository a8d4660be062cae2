import type { AppError } from '#shared/errors.ts'
import type { StoredRun } from '../database/schema.ts'
import type { Writer } from '../database/writer.ts'
import type { Log } from '../log.ts'
import type { PriceSource } from '../providers/usage.ts'
import { type SettleDependencies, settleCall } from '../usage/settle-call.ts'
import { finishRun } from './finish-run.ts'
import { foldRunEvents } from './fold-run-events.ts'
import { buildPrompt } from './run-context.ts'
import { interruptedError } from './run-executor.ts'
import type { RunJournal } from './run-journal.ts'
import { listRunEvents, listUnfinishedRuns, updateRun } from './runs-store.ts'

type RecoverDependencies = SettleDependencies & {
  readonly writer: Writer
  readonly journal: RunJournal
  readonly log: Log
  readonly priceSourceOf: (providerId: string) => PriceSource
}

/**
 * Ends the runs that a dead process left behind: a run that was taken to its provider is `interrupted`, with the text that is
 * on the disk and an estimate of its cost, and is never asked again. Returns the runs that were accepted but never begun.
 */
export async function recoverRuns(dependencies: RecoverDependencies): Promise<StoredRun[]> {
  const { writer, journal, log } = dependencies
  const neverBegun: StoredRun[] = []
  for (const run of listUnfinishedRuns(writer.sqlite)) {
    if (journal.has(run.id)) await interrupt(dependencies, run)
    else neverBegun.push(run)
  }
  if (neverBegun.length > 0) log.info('runs-begin-late', { count: neverBegun.length })
  return neverBegun
}

async function interrupt(dependencies: RecoverDependencies, run: StoredRun): Promise<void> {
  const { writer, log } = dependencies
  const folded = foldRunEvents(listRunEvents(writer.sqlite, run.id))
  const prompt = buildPrompt(writer.sqlite, run.conversation_id, run.user_message_id).map(message => message.content)
  const slash = run.model.indexOf('/')
  const call = {
    attempt: run.attempt,
    startedAt: run.created_at,
    // The process died between the journal and the end: the provider may have begun, and bills for it if so.
    isAccepted: true,
    isFinished: false,
    usage: null,
    servedModel: null,
    requestId: null,
    text: folded.text,
    reasoning: folded.reasoning,
  }
  const settlement = await settleCall(
    dependencies,
    { prices: dependencies.priceSourceOf(run.model.slice(0, slash)) },
    { model: run.model.slice(slash + 1), prompt },
    call,
  )
  writer.write(transaction => {
    updateRun(transaction, run.id, { generation: run.generation + 1 })
  })
  finishRun(
    writer,
    run,
    {
      ...folded,
      state: 'interrupted',
      error: interruptedError(),
      finishReason: null,
      firstTokenAt: null,
      firstTextAt: null,
    },
    { call, settlement, outcome: 'interrupted' },
  )
  log.info('run-interrupted', { run: run.id })
}

/**
 * Ends a run that was not taken to its provider and will not be: it was stopped before (`error` is null), its provider is gone,
 * or it is in the journal though the database forgot it (it was put back from a backup), so that it may have been answered.
 */
export function endUnbegun(writer: Writer, run: StoredRun, error: AppError | null): void {
  const state = error === null ? 'cancelled' : error.code === 'interrupted' ? 'interrupted' : 'error'
  const nothing = {
    text: '',
    reasoning: '',
    citations: [],
    finishReason: null,
    firstTokenAt: null,
    firstTextAt: null,
    lastSeq: 0,
  }
  finishRun(writer, run, { ...nothing, state, error }, null)
}
