import { addUsage, NO_USAGE, type UsageSums } from '#shared/usage-sums.ts'
import type { LedgerCall } from './ledger-call.ts'

/** The sums of a set of calls; each breakdown adds up to the total, to the nano-dollar. */
export type LedgerSummary = {
  readonly total: UsageSums
  readonly byDay: ReadonlyMap<string, UsageSums>
  readonly byModel: ReadonlyMap<string, UsageSums>
  readonly byConversation: ReadonlyMap<string, UsageSums>
  /** Null stands for calls that no device asked for: scripts. */
  readonly byDevice: ReadonlyMap<string | null, UsageSums>
  /** Calls that did not run to their end. */
  readonly broken: UsageSums
}

/** Sums calls in one pass; `dayOf` names the day of a time. */
export function summarizeLedger(calls: Iterable<LedgerCall>, dayOf: (timeMs: number) => string): LedgerSummary {
  const total = { ...NO_USAGE }
  const broken = { ...NO_USAGE }
  const byDay = new Map<string, UsageSums>()
  const byModel = new Map<string, UsageSums>()
  const byConversation = new Map<string, UsageSums>()
  const byDevice = new Map<string | null, UsageSums>()
  for (const call of calls) {
    addUsage(total, call)
    if (call.outcome !== 'complete') addUsage(broken, call)
    addUsage(sumsAt(byDay, dayOf(call.timestamp)), call)
    addUsage(sumsAt(byModel, call.model), call)
    addUsage(sumsAt(byConversation, call.conversation_id), call)
    addUsage(sumsAt(byDevice, call.device_id), call)
  }
  return { total, byDay, byModel, byConversation, byDevice, broken }
}

function sumsAt<Key>(map: Map<Key, UsageSums>, key: Key): UsageSums {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh = { ...NO_USAGE }
  map.set(key, fresh)
  return fresh
}
