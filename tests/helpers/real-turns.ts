import type { Turns } from '../../client/database/memory-store.ts'

/** Turns of the real event loop. */
export const REAL_TURNS: Turns = { later: work => void setImmediate(work), atTurnEnd: work => void setImmediate(work) }
