import type { FromServiceWorker } from './worker-messages.ts'

/** What the service worker says; null for what one of another version says. */
export function parseWorkerMessage(data: unknown): FromServiceWorker | null {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !('path' in data)) return null
  return data.kind === 'go' && typeof data.path === 'string' ? { kind: data.kind, path: data.path } : null
}
