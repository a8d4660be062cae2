import { strToU8 } from 'fflate'
import { makeId } from '../../ids.ts'
import { sha256 } from '../../sha256.ts'

/** ids sort by time, and no id's time reaches further than 48 bits. */
const MOST_TIME = 2 ** 48 - 1

/**
 * The id of something that came out of a file: the same source and outer id give the same id, in the layout of a UUIDv7 with the
 * original time, so that a second import finds what the first one made.
 */
export function stableId(source: string, outerId: string, timeMs: number): string {
  const digest = sha256(strToU8(`${source}\n${outerId}`))
  return makeId(Math.min(Math.max(0, Math.floor(timeMs)), MOST_TIME), length => digest.slice(0, length))
}
