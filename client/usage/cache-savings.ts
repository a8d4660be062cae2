import { picousdToNanousd } from '#shared/money.ts'
import type { LedgerCall } from './ledger-call.ts'

/**
 * What the providers' caches saved in nano-dollars: what was read from them at the price of fresh input, less what was paid to
 * read and to write them. A call counts where its own lines tell the price of fresh input.
 */
export function cacheSavings(calls: Iterable<LedgerCall>): number {
  let picousd = 0n
  for (const { price_lines: lines } of calls) {
    const fresh = lines?.find(({ bucket }) => bucket === 'input')
    if (lines === null || fresh === undefined) continue
    for (const { bucket, count, unit_picousd } of lines) {
      if (!bucket.startsWith('cache_')) continue
      picousd += BigInt(count) * (BigInt(fresh.unit_picousd) - BigInt(unit_picousd))
    }
  }
  return picousdToNanousd(picousd)
}
