import type { Message } from '#shared/records.ts'

const NANOUSD_PER_CENT = 10_000_000

/** How an answer ended, in words for a screen reader: `Answer ready, 348 tokens, under one cent`. */
export function spokenResult(message: Message): string {
  switch (message.status) {
    case 'complete':
      return ['Answer ready', ...spokenSums(message)].join(', ')
    case 'cancelled':
      return ['Answer stopped', ...spokenSums(message)].join(', ')
    case 'interrupted':
      return 'Answer interrupted'
    case 'error':
      return `Answer failed. ${message.error?.message ?? ''}`
    case 'queued':
    case 'streaming':
      return 'Answering'
    default:
      return message.status satisfies never
  }
}

/** Tokens and money of an answer in words. */
function spokenSums(message: Message): readonly string[] {
  const sums: string[] = []
  if (message.tokens_output !== null) sums.push(`${message.tokens_output + (message.tokens_reasoning ?? 0)} tokens`)
  if (message.cost_nanousd !== null) sums.push(spokenCost(message.cost_nanousd))
  return sums
}

function spokenCost(nanousd: number): string {
  if (nanousd === 0) return 'free'
  if (nanousd < NANOUSD_PER_CENT) return 'under one cent'
  return `${Math.round(nanousd / NANOUSD_PER_CENT)} cents`
}
