import { PUSH_TITLE_SETTING } from '#shared/wire/push.ts'
import type { Sqlite } from '../database/open-database.ts'
import { prepare } from '../database/query.ts'
import type { WriteTransaction } from '../database/writer.ts'

export type PushSubscriptionRow = {
  readonly endpoint: string
  readonly device: string
  readonly p256dh: string
  readonly auth: string
}

/** More than a household has; whoever adds another takes the place of the oldest. */
const MOST_SUBSCRIPTIONS = 100

/** Stores where a device is reached, in the place of what it had before. True when the address is new. */
export function saveSubscription(transaction: WriteTransaction, userId: number, row: PushSubscriptionRow): boolean {
  const { sqlite, now } = transaction
  const isNew = !prepare(sqlite, 'SELECT 1 FROM push_subscriptions WHERE endpoint = ?').get(row.endpoint)
  prepare(sqlite, 'DELETE FROM push_subscriptions WHERE endpoint = @endpoint OR device = @device').run(row)
  prepare(
    sqlite,
    `INSERT INTO push_subscriptions (endpoint, user_id, device, p256dh, auth, created_at)
     VALUES (@endpoint, @userId, @device, @p256dh, @auth, @now)`,
  ).run({ ...row, userId, now })
  prepare(
    sqlite,
    `DELETE FROM push_subscriptions WHERE user_id = @userId AND rowid NOT IN
     (SELECT rowid FROM push_subscriptions WHERE user_id = @userId ORDER BY rowid DESC LIMIT @most)`,
  ).run({ userId, most: MOST_SUBSCRIPTIONS })
  return isNew
}

export function deleteSubscription(transaction: WriteTransaction, userId: number, endpoint: string): void {
  prepare(transaction.sqlite, 'DELETE FROM push_subscriptions WHERE user_id = ? AND endpoint = ?').run(userId, endpoint)
}

export function listSubscriptions(sqlite: Sqlite, userId: number): PushSubscriptionRow[] {
  return prepare<PushSubscriptionRow>(
    sqlite,
    'SELECT endpoint, device, p256dh, auth FROM push_subscriptions WHERE user_id = ?',
  ).all(userId)
}

/** The chat of an answer, as a notification names it; nothing for one that is in the trash. */
export function findAnsweredChat(
  sqlite: Sqlite,
  userId: number,
  messageId: string,
): { readonly id: string; readonly title: string } | undefined {
  return prepare<{ id: string; title: string }>(
    sqlite,
    `SELECT c.id, c.title FROM messages m JOIN conversations c ON c.id = m.conversation_id
     WHERE m.id = ? AND m.user_id = ? AND c.deleted_at IS NULL AND c.purged = 0`,
  ).get(messageId, userId)
}

/** Whether notifications name the chat; not unless somebody has asked for it. */
export function isTitleShown(sqlite: Sqlite, userId: number): boolean {
  const row = prepare<{ value: string }>(
    sqlite,
    'SELECT value FROM settings WHERE user_id = ? AND id = ? AND purged = 0',
  ).get(userId, PUSH_TITLE_SETTING)
  return row?.value === 'true'
}
