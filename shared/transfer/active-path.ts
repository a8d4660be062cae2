import type { FileChat, FileMessage } from './file-format.ts'

/** The messages from the first prompt to the active leaf, without those in the trash. No active leaf means the newest one. */
export function activePath({ messages, active_leaf_id }: FileChat): readonly FileMessage[] {
  const byId = new Map(messages.filter(({ deleted_at }) => deleted_at === null).map(message => [message.id, message]))
  const path: FileMessage[] = []
  const seen = new Set<string>()
  let next = byId.get(active_leaf_id ?? '') ?? newestOf([...byId.values()])
  while (next !== undefined && !seen.has(next.id)) {
    seen.add(next.id)
    path.push(next)
    next = byId.get(next.parent_id ?? '')
  }
  return path.reverse()
}

function newestOf(messages: readonly FileMessage[]): FileMessage | undefined {
  return messages.reduce<FileMessage | undefined>(
    (newest, message) => (newest === undefined || newest.created_at <= message.created_at ? message : newest),
    undefined,
  )
}
