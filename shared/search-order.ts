/** A message as results are ordered by. */
export type Ranked = { readonly created_at: number; readonly message_id: string }

/**
 * The order of results on every device and on the server: what was written last comes first, and of one moment the higher id.
 * An order by the words alone would differ between indexes; time is the same everywhere.
 */
export function compareHits(left: Ranked, right: Ranked): number {
  if (left.created_at !== right.created_at) return right.created_at - left.created_at
  if (left.message_id === right.message_id) return 0
  return left.message_id < right.message_id ? 1 : -1
}
