import { formatNanousd } from '#shared/money.ts'
import type { LedgerCall } from './ledger-call.ts'

export type CsvNames = {
  titleOf(conversationId: string): string
  deviceOf(deviceId: string | null): string
}

type Column = readonly [name: string, cell: (call: LedgerCall, names: CsvNames) => string | number | null]

const COLUMNS: readonly Column[] = [
  ['time', call => new Date(call.timestamp).toISOString()],
  ['provider', call => text(call.provider)],
  ['model', call => text(call.model)],
  ['served_model', call => text(call.served_model)],
  ['chat', (call, names) => text(names.titleOf(call.conversation_id))],
  ['device', (call, names) => text(names.deviceOf(call.device_id))],
  ['outcome', call => call.outcome],
  ['tokens_input', call => call.tokens_input],
  ['tokens_cache_read', call => call.tokens_cache_read],
  ['tokens_cache_write', call => call.tokens_cache_write],
  ['tokens_output', call => call.tokens_output],
  ['tokens_reasoning', call => call.tokens_reasoning],
  // An unknown price is an empty cell: a nought would be added up.
  ['cost_usd', call => (call.cost_nanousd === null ? null : formatNanousd(call.cost_nanousd).replace('$', ''))],
  ['cost_nanousd', call => call.cost_nanousd],
  ['price_state', call => call.price_state],
  ['price_version', call => text(call.price_version)],
  ['conversation_id', call => call.conversation_id],
  ['message_id', call => call.message_id],
  ['run_id', call => call.run_id],
  ['attempt', call => call.attempt],
  ['id', call => call.id],
]

/** Calls as RFC 4180 has it: a line of names, CRLF, quotes where they are needed. */
export function usageCsv(calls: Iterable<LedgerCall>, names: CsvNames): string {
  const lines = [COLUMNS.map(([name]) => name).join(',')]
  for (const call of calls) lines.push(COLUMNS.map(([, cell]) => quoted(cell(call, names))).join(','))
  return `${lines.join('\r\n')}\r\n`
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function text(value: string | null): string | null {
  return value !== null && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

function quoted(value: string | number | null): string {
  const cell = value === null ? '' : String(value)
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
