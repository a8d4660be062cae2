import { withWorkerDatabase } from './worker-database.ts'

/** Every page and the worker say here that the list has changed. */
export const UNREAD_CHANNEL = 'llmr-unread'

/** The conversations with an answer that finished while nobody looked. */
export async function readUnread(): Promise<readonly string[]> {
  return withWorkerDatabase<readonly string[]>(database => database.getAllKeys('unread'), { result: [] })
}

/** Notes that an answer has finished unseen. Gives all conversations that have one. */
export async function markUnread(conversationId: string): Promise<readonly string[]> {
  return change(async () => {
    await withWorkerDatabase(database => database.put('unread', { conversation_id: conversationId }))
  })
}

/** Notes that a conversation has been looked at. Gives the conversations that are left. */
export async function markRead(conversationId: string): Promise<readonly string[]> {
  return change(() => withWorkerDatabase(database => database.delete('unread', conversationId), { result: undefined }))
}

async function change(write: () => Promise<void>): Promise<readonly string[]> {
  await write()
  const channel = new BroadcastChannel(UNREAD_CHANNEL)
  channel.postMessage('changed')
  channel.close()
  return readUnread()
}
