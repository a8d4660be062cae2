import type { Role } from '#shared/records.ts'
import { holdsCode, holdsPicture } from '#shared/search-query.ts'
import { wordsOf } from '#shared/search-text.ts'
import type { SyncRow } from '#shared/sync-row.ts'
import type { ConversationFacts } from './conversation-facts.ts'
import type { IndexedMessage } from './indexed-message.ts'

/** A message's row for the index; null for one that is gone, or that a later version wrote in words this one does not know. */
export function indexedMessageOf(row: SyncRow, hasPicture: (attachmentId: string) => boolean): IndexedMessage | null {
  const { id, purged } = row
  const [conversationId, content, createdAtMs] = [row['conversation_id'], row['content'], row['created_at']]
  const role = roleOf(row['role'])
  if (purged || typeof row['deleted_at'] === 'number' || role === null) return null
  if (typeof conversationId !== 'string' || typeof content !== 'string' || typeof createdAtMs !== 'number') return null
  return {
    id,
    conversationId,
    createdAtMs,
    role,
    model: textOrNull(row['model']),
    hasCode: holdsCode(content),
    hasImage: holdsPicture(content) || attachmentsOf(row).some(hasPicture),
    words: wordsOf(content),
  }
}

/** The ids of what is attached to a message. */
export function attachmentsOf(row: SyncRow): readonly string[] {
  const attachments = row['attachments']
  return Array.isArray(attachments) ? attachments.filter(id => typeof id === 'string') : []
}

/** What search knows of a chat; null for one that is gone for good. */
export function conversationFactsOf(row: SyncRow): ConversationFacts | null {
  const [title, updatedAtMs, tags] = [row['title'], row['updated_at'], row['tags']]
  if (row.purged || typeof title !== 'string' || typeof updatedAtMs !== 'number') return null
  return {
    title,
    updatedAtMs,
    tags: Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [],
    isPinned: typeof row['pinned_at'] === 'number',
    isArchived: typeof row['archived_at'] === 'number',
    isInTrash: typeof row['deleted_at'] === 'number',
  }
}

/** The text of a message's row. */
export function contentOf(row: SyncRow | undefined): string {
  return textOrNull(row?.['content']) ?? ''
}

/** Whether a row of the attachments is a picture. */
export function isPicture(row: SyncRow | undefined): boolean {
  return textOrNull(row?.['media_type'])?.startsWith('image/') === true
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function roleOf(value: unknown): Role | null {
  return value === 'user' || value === 'assistant' || value === 'system' ? value : null
}
