import type { MutationResult, SyncRequest } from '#shared/wire/sync.ts'
import type { SyncReply, SyncService } from './sync-service.ts'

/** Mutations of one transaction: what this process does meanwhile for others, like streaming answers, waits for as long as it takes. */
const PART = 100

/**
 * Answers one request as if its mutations had come in several, each of whose answers but the last got lost: every part is one
 * transaction, and `pause` lets others have their turn between them.
 */
export async function syncInParts(
  sync: Pick<SyncService, 'sync'>,
  userId: number,
  { request, pause }: { readonly request: SyncRequest; readonly pause: () => Promise<unknown> },
): Promise<SyncReply> {
  const results: MutationResult[] = []
  let rest = request.muts
  while (rest.length > PART) {
    // Nobody reads this page.
    const reply = sync.sync(userId, { ...request, muts: rest.slice(0, PART), limit: 1 })
    if (reply.kind !== 'page') return reply
    results.push(...reply.trailer.results)
    rest = rest.slice(PART)
    await pause()
  }
  const reply = sync.sync(userId, { ...request, muts: rest })
  if (reply.kind !== 'page') return reply
  return { ...reply, trailer: { ...reply.trailer, results: [...results, ...reply.trailer.results] } }
}
