import { Hono, type MiddlewareHandler } from 'hono'
import type { Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import type { BackupState } from './backup/backup-job.ts'
import { conversationsRoutes } from './conversations/conversations-routes.ts'
import type { ConversationsService } from './conversations/conversations-service.ts'
import type { Sqlite } from './database/open-database.ts'
import { errorResponse, internalError } from './http/errors.ts'
import { guard } from './http/guard.ts'
import { securityHeaders } from './http/headers.ts'
import { limitBody } from './http/limit-body.ts'
import { nothingThere } from './http/nothing-there.ts'
import type { IsOwnHost } from './http/own-hosts.ts'
import { errorFields, type Log } from './log.ts'
import { pushRoutes } from './push/push-routes.ts'
import type { PushService } from './push/push-service.ts'
import { chatRoutes, runsRoutes } from './runs/runs-routes.ts'
import type { RunsService } from './runs/runs-service.ts'
import { searchRoutes } from './search/search-routes.ts'
import { devicesRoutes } from './sync/devices-routes.ts'
import type { LiveHub } from './sync/live-hub.ts'
import { liveRoutes } from './sync/live-routes.ts'
import type { PurgeService } from './sync/purge-service.ts'
import { syncRoutes } from './sync/sync-routes.ts'
import type { SyncService } from './sync/sync-service.ts'
import { userDataRoutes } from './sync/user-data-routes.ts'
import type { Https } from './tls/open-https.ts'
import { exportRoutes, importRoutes, type TransferDependencies } from './transfer/transfer-routes.ts'
import { usageRoutes } from './usage/usage-routes.ts'

export type AppDependencies = {
  readonly sqlite: Sqlite
  readonly conversations: ConversationsService
  readonly runs: RunsService
  readonly sync: SyncService
  readonly live: LiveHub
  readonly purge: PurgeService
  readonly transfer: TransferDependencies
  readonly push: PushService
  readonly backupState: () => BackupState
  readonly listModels: () => readonly Model[]
  /** Provider id → whether it can be asked. */
  readonly providerStates: () => Readonly<Record<string, 'configured' | 'missing'>>
  readonly providers: Hono
  readonly isOwnHost: IsOwnHost
  readonly scheduler: Scheduler
  readonly log: Log
  readonly version: string
  readonly makeId: () => string
  /** The built client; left out, only the API answers. */
  readonly client?: Hono
  /** The way to HTTPS, where there is one. */
  readonly https?: Pick<Https, 'routes' | 'isTransportStrict'>
}

const MOST_JSON_BYTES = 256 * 1024
/** A device pushes up to 512 Ki letters of mutations, or one that is longer: a message and its reasoning, at three bytes a letter. */
const MOST_PUSH_BYTES = 8 * 1024 * 1024
/** A temporary chat brings along all that was said in it. */
const LONG_BODIES: readonly string[] = ['/api/sync', '/api/chat/stream']

/** The whole HTTP interface, without a port: nothing happens until a request comes. */
export function createApp(dependencies: AppDependencies): Hono {
  const { log } = dependencies
  const app = new Hono()
  app.onError((error, context) => {
    if (error instanceof AppError && error.code !== 'internal') return errorResponse(context, error)
    const requestId = dependencies.makeId()
    log.error('request-failed', { request: requestId, method: context.req.method, ...errorFields(error) })
    return errorResponse(context, internalError(requestId))
  })
  app.notFound(context => nothingThere(context, app.routes))
  app.use(
    securityHeaders({ isTransportStrict: dependencies.https?.isTransportStrict ?? false }),
    guard(dependencies.isOwnHost),
  )
  app.use('/api/*', limitBodies())
  app.get('/health', () => health(dependencies))
  app.route('/api/conversations', conversationsRoutes(dependencies.conversations))
  app.route('/api/chat', chatRoutes(dependencies.runs, dependencies.scheduler))
  app.route('/api/runs', runsRoutes(dependencies.runs))
  app.route('/api/providers', dependencies.providers)
  app.route('/api/usage', usageRoutes(dependencies))
  app.route('/api/search', searchRoutes(dependencies.sqlite))
  app.route('/api/sync', syncRoutes(dependencies.sync))
  app.route('/api/devices', devicesRoutes(dependencies.sync))
  app.route('/api/live', liveRoutes(dependencies.live))
  app.route('/api/push', pushRoutes(dependencies.push, dependencies.makeId))
  app.route('/api/user-data', userDataRoutes(dependencies.purge))
  app.route('/api/export', exportRoutes(dependencies.transfer))
  app.route('/api/import', importRoutes(dependencies.transfer))
  app.all('/api/*', context => nothingThere(context, app.routes))
  // Before the client, which takes every path that is left.
  if (dependencies.https) app.route('/', dependencies.https.routes)
  if (dependencies.client) app.route('/', dependencies.client)
  return app
}

function limitBodies(): MiddlewareHandler {
  const [limitOthers, limitPushes] = [limitBody(MOST_JSON_BYTES), limitBody(MOST_PUSH_BYTES)]
  return (context, next) => {
    // An import is measured while it is written to the disk.
    if (context.req.path === '/api/import') return next()
    return (LONG_BODIES.includes(context.req.path) ? limitPushes : limitOthers)(context, next)
  }
}

function health({ sqlite, version, providerStates, backupState, log }: AppDependencies): Response {
  try {
    // A statement without a table would be answered by a database that has lost its file.
    sqlite.prepare('SELECT 1 FROM meta').get()
    return Response.json({ status: 'ok', version, database: 'ok', providers: providerStates(), backup: backupState() })
  } catch (error) {
    log.error('database-silent', errorFields(error))
    return Response.json(
      { status: 'failing', version, database: 'silent', providers: providerStates() },
      { status: 503 },
    )
  }
}
