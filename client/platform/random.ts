import { makeId } from '#shared/ids.ts'

/** Random bytes that also exist on plain HTTP, where `crypto.randomUUID` does not. */
export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** A new record id. */
export function newId(): string {
  return makeId(Date.now(), randomBytes)
}
