import { AppError } from '#shared/errors.ts'
import type { KeyRange, StoreKey } from '../sync/sync-store.ts'

type KeyPart = string | number

/** A key in the form that the types of IndexedDB and Dexie ask for. */
export function toKey(key: StoreKey): KeyPart | KeyPart[] {
  return typeof key === 'object' ? key.map(toPart) : key
}

/** The key under which a row is stored. */
export function keyOfRow(row: object, keyPath: string | readonly string[] | null): StoreKey {
  if (keyPath === null) throw new AppError('internal', 'The rows of this table do not name themselves.')
  if (typeof keyPath !== 'string') return keyPath.map(part => keyOfRow(row, part))
  const value: unknown = Reflect.get(row, keyPath)
  if (typeof value === 'string' || typeof value === 'number') return value
  throw new AppError('internal', `A row has no ${keyPath} to be found by.`)
}

function toPart(part: StoreKey): KeyPart {
  if (typeof part === 'object') throw new AppError('internal', 'A key has no parts within parts.')
  return part
}

/** `none` for a range that can hold no key: IndexedDB throws instead of finding nothing. */
export function toKeyRange({ after, upTo }: KeyRange<StoreKey>): IDBKeyRange | undefined | 'none' {
  if (after === undefined) return upTo === undefined ? undefined : IDBKeyRange.upperBound(toKey(upTo))
  if (upTo === undefined) return IDBKeyRange.lowerBound(toKey(after), true)
  const [lower, upper] = [toKey(after), toKey(upTo)]
  return indexedDB.cmp(lower, upper) >= 0 ? 'none' : IDBKeyRange.bound(lower, upper, true, false)
}
