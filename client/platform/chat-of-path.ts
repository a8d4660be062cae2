import { isId } from '#shared/ids.ts'

/** The conversation that a path of this app names; null for any other path. */
export function chatOfPath(path: string): string | null {
  const id = path.startsWith('/c/') ? path.slice(3) : null
  return isId(id) ? id : null
}
