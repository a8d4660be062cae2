import type { Model } from '#shared/models.ts'
import type { Api } from './api-client.ts'
import type { Outcome } from './outcome.ts'
import type { Health, SeenDevice } from './parse.ts'

const nothing = (): null => null
// What reads answers is no part of the first load.
const parsers = (): Promise<typeof import('./parse.ts')> => import('./parse.ts')

/** What the page asks the server for itself. Rows and prompts take no part in it: they go through the sync. */
export interface Endpoints {
  health(): Promise<Outcome<Health>>
  models(): Promise<Outcome<readonly Model[]>>
  /** Copies a conversation, or the way to one of its messages; gives the copy's id. */
  cloneConversation(id: string, messageId: string | null): Promise<Outcome<string>>
  devices(): Promise<Outcome<readonly SeenDevice[]>>
  /** Messages that the server finds; `parseFound` reads them. */
  find(query: string): Promise<Outcome<unknown>>
  cancelRun(runId: string): Promise<Outcome<null>>
  runEvents(runId: string, lastEventId: string | null, signal: AbortSignal): Promise<Outcome<Response>>
}

/** Each call of the contract that this page makes, typed. */
export function createEndpoints(api: Api): Endpoints {
  return {
    health: () => api.call('/health', async body => (await parsers()).parseHealth(body)),
    models: () => api.call('/api/usage/models', async body => (await parsers()).parseModels(body)),
    cloneConversation: (id, messageId) =>
      api.call(`/api/conversations/${id}/clone`, async body => (await parsers()).parseCopyId(body), {
        method: 'POST',
        body: messageId === null ? {} : { message_id: messageId },
      }),
    devices: () => api.call('/api/devices', async body => (await parsers()).parseDevices(body)),
    find: query => api.call(`/api/search?${new URLSearchParams({ q: query, limit: '100' })}`, body => body),
    cancelRun: runId => api.call(`/api/runs/${runId}/cancel`, nothing, { method: 'POST', body: {} }),
    runEvents: (runId, lastEventId, signal) =>
      api.open(`/api/runs/${runId}/events`, {
        headers: { Accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }) },
        signal,
      }),
  }
}
