import type { UsageLog } from '#shared/records.ts'

/** A row of the ledger as this device keeps it, without the provider's own words. */
export type LedgerCall = Omit<UsageLog, 'raw_usage' | 'provider_request_id'>
