import { Hono } from 'hono'
import type { Scheduler } from '#shared/clock.ts'
import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
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
import { chatRoutes, runsRoutes } from './runs/runs-routes.ts'
import type { RunsService } from './runs/runs-service.ts'
import { searchRoutes } from './search/search-routes.ts'
import { usageRoutes } from './usage/usage-routes.ts'

export type AppDependencies = {
  readonly sqlite: Sqlite
  readonly conversations: ConversationsService
  readonly runs: RunsService
  readonly listModels: () => readonly Model[]
  /** Provider id → whether it can be asked. */
  readonly providerStates: () => Readonly<Record<string, 'configured' | 'missing'>>
  readonly isOwnHost: IsOwnHost
  readonly scheduler: Scheduler
  readonly log: Log
  readonly version: string
  readonly makeRequestId: () => string
  /** The built client; left out, only the API answers. */
  readonly client?: Hono
}

const MOST_JSON_BYTES = 256 * 1024

/** The whole HTTP interface, without a port: nothing happens until a request comes. */
export function createApp(dependencies: AppDependencies): Hono {
  const { log } = dependencies
  const app = new Hono()
  app.onError((error, context) => {
    if (error instanceof AppError && error.code !== 'internal') return errorResponse(context, error)
    const requestId = dependencies.makeRequestId()
    log.error('request-failed', { request: requestId, method: context.req.method, ...errorFields(error) })
    return errorResponse(context, internalError(requestId))
  })
  app.notFound(context => nothingThere(context, app.routes))
  app.use(securityHeaders(), guard(dependencies.isOwnHost))
  app.use('/api/*', limitBody(MOST_JSON_BYTES))
  app.get('/health', () => health(dependencies))
  app.route('/api/conversations', conversationsRoutes(dependencies.conversations))
  app.route('/api/chat', chatRoutes(dependencies.runs, dependencies.scheduler))
  app.route('/api/runs', runsRoutes(dependencies.runs))
  app.route('/api/usage', usageRoutes(dependencies))
  app.route('/api/search', searchRoutes(dependencies.sqlite))
  app.all('/api/*', context => nothingThere(context, app.routes))
  if (dependencies.client) app.route('/', dependencies.client)
  return app
}

function health({ sqlite, version, providerStates, log }: AppDependencies): Response {
  try {
    // A statement without a table would be answered by a database that has lost its file.
    sqlite.prepare('SELECT 1 FROM meta').get()
    return Response.json({ status: 'ok', version, database: 'ok', providers: providerStates() })
  } catch (error) {
    log.error('database-silent', errorFields(error))
    return Response.json(
      { status: 'failing', version, database: 'silent', providers: providerStates() },
      { status: 503 },
    )
  }
}
