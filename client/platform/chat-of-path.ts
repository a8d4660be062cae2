import { isId } from '#shared/ids.ts'

/** The name in this page of the one chat that is kept nowhere; its path is this word alone. */
export const TEMPORARY_CHAT = 'temporary'

/** The conversation that a path of this app names; null for any other path. */
export function chatOfPath(path: string): string | null {
  if (path === `/${TEMPORARY_CHAT}`) return TEMPORARY_CHAT
  const id = path.startsWith('/c/') ? path.slice(3) : null
  return isId(id) ? id : null
}
