import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Hono } from 'hono'
import type { Clock, RandomBytes, Scheduler } from '#shared/clock.ts'
import { makeId } from '#shared/ids.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import { createApp } from './app.ts'
import { startBackupJob } from './backup/backup-job.ts'
import type { Config } from './config.ts'
import { createConversationsService } from './conversations/conversations-service.ts'
import { lockDatabase } from './database/lock-database.ts'
import { openDatabase } from './database/open-database.ts'
import { createWriter } from './database/writer.ts'
import { ownHosts } from './http/own-hosts.ts'
import type { Log } from './log.ts'
import { createManualProvider } from './providers/manual/manual-provider.ts'
import { createModelCatalogue } from './providers/model-catalogue.ts'
import { createModelList } from './providers/model-list.ts'
import { createProviderHealth } from './providers/provider-health.ts'
import { createProviderRegistry } from './providers/provider-registry.ts'
import { providersRoutes } from './providers/providers-routes.ts'
import { createRefusedParametersFile } from './providers/refused-parameters.ts'
import { createTokenCounter, type TokenCounter } from './providers/tokens/token-counter.ts'
import { createPushService } from './push/push-service.ts'
import { createRunEventLog } from './runs/run-event-log.ts'
import { openRunJournal } from './runs/run-journal.ts'
import { createRunsService } from './runs/runs-service.ts'
import { checkHighwater, HIGHWATER_NAME, keepHighwater } from './sync/highwater.ts'
import { createLiveHub } from './sync/live-hub.ts'
import { createPurgeService } from './sync/purge-service.ts'
import { createSyncService } from './sync/sync-service.ts'
import { startTrashJob } from './sync/trash-job.ts'
import type { Https } from './tls/open-https.ts'
import { createBudgetService } from './usage/budget-service.ts'

export type ServerOptions = {
  readonly config: Config
  readonly manual: string
  readonly client?: Hono
  readonly https?: Https
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly randomBytes: RandomBytes
  /** For calls to push services. */
  readonly fetch: typeof fetch
  readonly log: Log
  readonly version: string
}

/** A server without its port. */
export type Server = {
  readonly app: Hono
  readonly providerStates: () => Readonly<Record<string, 'configured' | 'missing'>>
  /** How many devices listen for news. */
  readonly listeners: () => number
  /** Stops the runs as interrupted, writes their ends, and closes the database. */
  close(): Promise<void>
}

/** Puts the parts together over one database, and ends what an earlier process left behind. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { config, clock, scheduler, randomBytes, log } = options
  const folder = dirname(config.databasePath)
  mkdirSync(folder, { recursive: true })
  const unlock = lockDatabase(join(folder, 'server.lock'))
  const sqlite = openDatabase(config.databasePath)
  const writer = createWriter({ sqlite, clock, randomBytes })
  const journal = await openRunJournal(join(folder, 'runs.journal'))
  const counter = createTokenCounter()
  const refused = createRefusedParametersFile(join(folder, 'refused-parameters.json'), log)
  const health = createProviderHealth({ clock })
  const registry = await createProviderRegistry({
    config,
    manual: createManualProvider({ manual: options.manual }),
    refusedFor: refused.of,
    isOllamaFound: () => models.hasListed('ollama'),
  })
  const models = createModelList({
    providers: registry.configured,
    cachePath: join(folder, 'models.json'),
    catalogue: createModelCatalogue({ clock }),
    health,
    log,
    isLookedFor: id => id === 'ollama' && !config.ollama.isNamed,
  })
  const eventLog = createRunEventLog({ writer, scheduler, log })
  const runs = createRunsService({
    budget: createBudgetService({ sqlite, clock, listModels: models.list }),
    health,
    writer,
    journal,
    eventLog,
    clock,
    scheduler,
    randomBytes,
    log,
    idleTimeoutMs: config.idleTimeoutMs,
    answersAtOnce: config.answersAtOnce,
    countTokens: texts => countSoon(counter, texts, scheduler),
    // The price list is large and not needed before the first answer.
    priceCall: async call => (await import('./providers/pricing/price-call.ts')).priceCall(call),
    providerOf: registry.providerOf,
    findProvider: registry.find,
  })
  const highwaterPath = join(folder, HIGHWATER_NAME)
  checkHighwater(writer, highwaterPath, log)
  const saveHighwater = keepHighwater({ writer, path: highwaterPath, scheduler, log })
  const sync = createSyncService({ writer, clock, runs })
  const live = createLiveHub({ writer, runs, scheduler, epoch: sync.epoch })
  const purge = createPurgeService({ writer, runs })
  const push = createPushService({
    writer,
    runs,
    live,
    fetch: options.fetch,
    keysPath: join(folder, 'push-keys.json'),
    log,
  })
  const backups = startBackupJob({ databasePath: config.databasePath, config: config.backup, clock, scheduler, log })
  const app = createApp({
    sqlite,
    conversations: createConversationsService(writer),
    runs,
    sync,
    live,
    purge,
    transfer: {
      openExports: async () => (await import('./transfer/export-service.ts')).createExportService({ sqlite, clock }),
      openImports: async () => (await import('./transfer/import-service.ts')).createImportService({ writer, clock }),
      temporaryPath: () => join(folder, `import-${makeId(clock.now(), randomBytes)}.tmp`),
    },
    push,
    backupState: backups.state,
    listModels: models.list,
    providerStates: registry.states,
    providers: providersRoutes(registry, health),
    isOwnHost: ownHosts(config.allowedHosts),
    scheduler,
    log,
    version: options.version,
    makeId: () => makeId(clock.now(), randomBytes),
    ...(options.client ? { client: options.client } : {}),
    ...(options.https ? { https: options.https } : {}),
  })
  await runs.recover()
  const stopTrashJob = startTrashJob({ purge, scheduler, log })
  models.start()
  return {
    app,
    providerStates: registry.states,
    listeners: live.count,
    close: async () => {
      options.https?.stop()
      backups.stop()
      push.close()
      models.stop()
      stopTrashJob()
      live.close()
      await runs.shutDown()
      await counter.close()
      await refused.saved()
      await journal.close()
      await saveHighwater()
      sqlite.close()
      unlock()
    },
  }
}

/** The counter's first start takes a second, and a stop is felt at once: what is not counted by then is estimated. */
const LONGEST_COUNT_MS = 300

async function countSoon(
  counter: TokenCounter,
  texts: readonly string[],
  scheduler: Scheduler,
): Promise<readonly number[]> {
  const late = Promise.withResolvers<readonly number[]>()
  const cancel = scheduler.after(LONGEST_COUNT_MS, () => late.resolve(texts.map(estimateTokens)))
  try {
    return await Promise.race([counter.count(texts), late.promise])
  } finally {
    cancel()
  }
}
