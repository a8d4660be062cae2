import { AppError } from '#shared/errors.ts'
import { isRunEnd, type RunState } from '#shared/runs.ts'
import type { ChatRequest } from '#shared/wire/chat-request.ts'
import { findMessage } from '../conversations/conversations-store.ts'
import { messageOf } from '../conversations/rows.ts'
import type { StoredRun } from '../database/schema.ts'
import type { Writer } from '../database/writer.ts'
import { errorFields } from '../log.ts'
import type { Provider } from '../providers/provider.ts'
import type { PriceSource } from '../providers/usage.ts'
import { type ActiveRun, createActiveRun } from './active-run.ts'
import { createActiveRuns } from './active-runs.ts'
import { createFlushTimer } from './flush-timer.ts'
import { createLiveRun, type RunHead, type RunWatcher } from './live-run.ts'
import { endUnbegun, recoverRuns } from './recover-runs.ts'
import { recoverTemporaryCalls } from './recover-temporary-calls.ts'
import { type ExecutorDependencies, executeRun, interruptedError } from './run-executor.ts'
import { storedRunRecords } from './run-records.ts'
import { headOf, seqAfter, showEnd } from './run-watching.ts'
import { findRun, type RunView, runViewOf, updateRun } from './runs-store.ts'
import { storeRun } from './start-run.ts'
import type { Asker, StartedRun } from './store-run.ts'
import { createTemporaryRuns } from './temporary-runs.ts'

export type RunsDependencies = ExecutorDependencies & {
  readonly writer: Writer
  /** The provider of a model id; throws AppError when there is none, or it is not configured. */
  readonly providerOf: (modelId: string) => Provider
  /** How many answers of one person are written at a time. */
  readonly answersAtOnce: number
  readonly findProvider: (providerId: string) => Provider | undefined
}

/** A run has come to a state. */
type RunStateChange = {
  readonly userId: number
  readonly id: string
  readonly message_id: string
  readonly state: RunState
  /** Somebody read the run up to this, its end. */
  readonly wasFollowed: boolean
}

export interface RunsService {
  /**
   * Stores the prompt and starts its run; when it returns, both survive a power cut. The same `run_id` again gives the same
   * run. Throws AppError, and stores nothing, where there is no such provider or a limit is reached. `accepted` resolves when the provider takes the call (null), or with the error the run ended in before that.
   */
  start(asker: Asker, request: ChatRequest): { readonly head: RunHead; readonly accepted: Promise<AppError | null> }
  /** True when the model's provider is there and configured. */
  canAsk(model: string): boolean
  /** True when the user's limits let no call of the model begin. */
  isOverBudget(userId: number, model: string): boolean
  /** Begins runs that are stored and committed. Never throws: while the server goes down they wait for the next start. */
  begin(started: readonly StartedRun[]): void
  /** Stops runs that are going on; their ends are written soon after. */
  stop(runIds: readonly string[]): void
  /** Calls `listener` with every state that a run comes to, until `alive` aborts. */
  onState(alive: AbortSignal, listener: (change: RunStateChange) => void): void
  get(userId: number, runId: string): RunView
  /** Lets go of a temporary run, and stops it where it is still going on. */
  forget(userId: number, runId: string): void
  /** Stops a run, keeps what came, and resolves when its end is stored. Stopping a run that has ended does nothing. */
  cancel(userId: number, runId: string): Promise<RunView>
  /** Gives the watcher a run from event `after` on, as `<generation>.<seq>`; null from the start. Returns how to stop. */
  watch(userId: number, runId: string, after: string | null, watcher: RunWatcher): () => void
  /** Ends what a dead process left behind, and begins what it had only accepted. Call once, before anything else. */
  recover(): Promise<void>
  /** Stops all runs as interrupted, for a restart. */
  shutDown(): Promise<void>
}

export function createRunsService(dependencies: RunsDependencies): RunsService {
  const { writer, journal, clock, log, eventLog } = dependencies
  const active = createActiveRuns(dependencies.answersAtOnce, log)
  const timer = createFlushTimer(dependencies.scheduler)
  const temporary = createTemporaryRuns({ ...dependencies, active, timer })
  const listeners = new Set<(change: RunStateChange) => void>()

  function announce(row: StoredRun, state: RunState, wasFollowed = false): void {
    for (const listener of listeners) {
      listener({ userId: row.user_id, id: row.id, message_id: row.message_id, state, wasFollowed })
    }
  }

  function launch(provider: Provider, { row, followsMessageId }: StartedRun): ActiveRun {
    const live = createLiveRun({ head: headOf(row), generation: row.generation, clock, timer, log: eventLog })
    const records = storedRunRecords(writer, row)
    const run = createActiveRun({ row, provider, live, followsMessageId, records })
    active.add(run, {
      execute: () => executeRun(dependencies, run),
      mark: state => {
        records.mark(state)
        announce(row, state)
      },
    })
    announce(row, 'starting')
    void run.accepted.then(error => error ?? announce(row, 'streaming'))
    void run.ended.then(() => {
      announce(row, mustState(findRun(writer.sqlite, row.user_id, row.id) ?? row), live.wasFollowed())
    })
    return run
  }

  /** A run that the database forgot, and the journal did not, may have been answered already: it is never asked again. */
  function launchUnlessJournalled(provider: Provider, started: StartedRun): ActiveRun | null {
    if (!journal.has(started.row.id)) return launch(provider, started)
    endUnbegun(writer, started.row, interruptedError())
    announce(started.row, 'interrupted')
    return null
  }

  function beginOne(started: StartedRun): void {
    const provider = configuredProvider(started.row.model)
    try {
      if (provider instanceof AppError) endUnbegun(writer, started.row, provider)
      else launchUnlessJournalled(provider, started)
    } catch (error) {
      // The run is stored: the next start finds and begins it.
      log.error('run-begins-late', { run: started.row.id, ...errorFields(error) })
    }
  }

  function configuredProvider(model: string): Provider | AppError {
    try {
      return dependencies.providerOf(model)
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }

  function mustFind(userId: number, runId: string): StoredRun {
    const run = findRun(writer.sqlite, userId, runId)
    if (!run) throw new AppError('not-found', 'There is no run with this id.', { field: 'id' })
    return run
  }

  return {
    start: (asker, request) => {
      if (request.temporary === true) return temporary.start(asker, request)
      const known = request.run_id ? findRun(writer.sqlite, asker.userId, request.run_id) : undefined
      if (known) {
        return { head: headOf(known), accepted: active.find(known.id)?.accepted ?? Promise.resolve(null) }
      }
      const provider = dependencies.providerOf(request.model)
      const refusal = dependencies.budget.refusal(asker.userId, request.model)
      if (refusal) throw refusal
      const started = writer.write(transaction => storeRun(transaction, asker, request))
      const run = started.row.ended_at === null ? launchUnlessJournalled(provider, started) : null
      return { head: headOf(started.row), accepted: run?.accepted ?? Promise.resolve(null) }
    },

    canAsk: model => !(configuredProvider(model) instanceof AppError),

    isOverBudget: (userId, model) => dependencies.budget.refusal(userId, model) !== null,

    begin: started => {
      for (const run of started) beginOne(run)
    },

    stop: runIds => {
      for (const id of runIds) {
        const running = active.find(id)
        if (running) active.stop(running, 'cancelled')
      }
    },

    onState: (alive, listener) => {
      listeners.add(listener)
      alive.addEventListener('abort', () => listeners.delete(listener), { once: true })
    },

    get: (userId, runId) => {
      const held = temporary.find(userId, runId)
      if (held) return runViewOf(held.row)
      const view = runViewOf(mustFind(userId, runId))
      const isStreaming = view.state === 'starting' && (active.find(runId)?.live.seq() ?? 0) > 0
      return isStreaming ? { ...view, state: 'streaming' } : view
    },

    forget: (userId, runId) => temporary.forget(userId, runId),

    cancel: async (userId, runId) => {
      const held = temporary.find(userId, runId)
      if (held) return runViewOf(await temporary.cancel(held))
      const run = mustFind(userId, runId)
      const running = active.find(runId)
      if (running) {
        writer.write(transaction => updateRun(transaction, run.id, { cancel_at: run.cancel_at ?? transaction.now }))
        active.stop(running, 'cancelled')
        await running.ended
      }
      return runViewOf(mustFind(userId, runId))
    },

    watch: (userId, runId, after, watcher) => {
      const held = temporary.find(userId, runId)
      if (held) return temporary.watch(held, after, watcher)
      const row = mustFind(userId, runId)
      const running = active.find(runId)
      if (running && !isRunEnd(mustState(row))) return running.live.watch(watcher, seqAfter(after, row.generation))
      const message = findMessage(writer.sqlite, userId, row.message_id)
      if (!message) throw new AppError('not-found', 'The message of this run is gone.', { field: 'id' })
      showEnd(row, messageOf(message), watcher)
      return () => undefined
    },

    recover: async () => {
      const priceSourceOf = (id: string): PriceSource => dependencies.findProvider(id)?.prices ?? { kind: 'unknown' }
      await recoverTemporaryCalls({ ...dependencies, priceSourceOf })
      const waiting = await recoverRuns({ ...dependencies, priceSourceOf })
      for (const row of waiting) {
        const parent = findMessage(writer.sqlite, row.user_id, row.user_message_id)?.parent_id ?? null
        const provider = configuredProvider(row.model)
        if (row.cancel_at !== null) endUnbegun(writer, row, null)
        else if (provider instanceof AppError) endUnbegun(writer, row, provider)
        else launch(provider, { row, followsMessageId: parent })
      }
    },

    shutDown: async () => {
      await active.shutDown()
      temporary.close()
    },
  }
}

function mustState(row: StoredRun): RunState {
  // Only this server writes the column.
  return row.state as RunState
}
