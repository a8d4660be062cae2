import { Hono } from 'hono'
import { askerOf } from '../http/asker.ts'
import type { SyncService } from './sync-service.ts'

/** The devices that have synced, the last seen first. Their names are settings that they share among themselves. */
export function devicesRoutes(sync: Pick<SyncService, 'devices'>): Hono {
  return new Hono().get('/', context => context.json(sync.devices(askerOf(context).userId)))
}
