import { correctTokens } from '#shared/correct-tokens.ts'
import { NO_TOKENS, type PriceLine, type PriceState, type TokenBuckets } from '#shared/records.ts'
import type { PriceSource, Usage } from '../providers/usage.ts'

/** All that is known of one provider call when it is over. */
export type CallRecord = {
  readonly attempt: number
  readonly startedAt: number
  /** The provider took the call: from here on it may bill for it. */
  readonly isAccepted: boolean
  /** The provider said that it was finished, so its usage is the whole of it. */
  readonly isFinished: boolean
  readonly usage: Usage | null
  readonly servedModel: string | null
  readonly requestId: string | null
  readonly text: string
  readonly reasoning: string
}

export type Settlement = {
  readonly tokens: TokenBuckets
  readonly cost_nanousd: number | null
  readonly price_state: PriceState
  readonly price_version: string | null
  readonly price_lines: readonly PriceLine[] | null
  readonly raw_usage: unknown
}

type PriceCall = (call: {
  readonly source: PriceSource
  readonly model: string
  readonly servedModel: string | null
  readonly usage: Usage
  readonly at: number
}) => Promise<{
  readonly costNanousd: number | null
  readonly state: 'reported' | 'unpriced'
  readonly version: string | null
  readonly lines: readonly PriceLine[] | null
}>

export type SettleDependencies = {
  readonly countTokens: (texts: readonly string[]) => Promise<readonly number[]>
  readonly priceCall: PriceCall
}

/**
 * What a call cost. A call the provider refused cost nothing; a finished one costs what the provider reported; of one that
 * broke off, what was not reported is counted from the text, and the sum is marked as estimated.
 */
export async function settleCall(
  { countTokens, priceCall }: SettleDependencies,
  provider: { readonly prices: PriceSource },
  context: { readonly model: string; readonly prompt: readonly string[] },
  call: CallRecord,
): Promise<Settlement> {
  if (!call.isAccepted) {
    const nothing = {
      cost_nanousd: 0,
      price_state: 'reported',
      price_version: null,
      price_lines: [],
      raw_usage: null,
    } as const
    return { tokens: NO_TOKENS, ...nothing }
  }
  const isReported = call.isFinished && call.usage !== null
  const usage = isReported && call.usage ? call.usage : await estimateUsage(countTokens, context, call)
  const price = await priceCall({
    source: provider.prices,
    model: context.model,
    servedModel: call.servedModel,
    usage,
    at: call.startedAt,
  })
  return {
    tokens: usage.tokens,
    cost_nanousd: price.costNanousd,
    price_state: price.state === 'unpriced' || isReported ? price.state : 'estimated',
    price_version: price.version,
    price_lines: price.lines,
    raw_usage: call.usage?.raw ?? null,
  }
}

async function estimateUsage(
  countTokens: SettleDependencies['countTokens'],
  context: { readonly model: string; readonly prompt: readonly string[] },
  call: CallRecord,
): Promise<Usage> {
  const { model } = context
  const prompt = call.usage ? [] : context.prompt
  const [text = 0, reasoning = 0, ...promptCounts] = await countTokens([call.text, call.reasoning, ...prompt])
  const output = (tokens: number) => correctTokens({ model, side: 'output', tokens, messages: 0 })
  const input = promptCounts.reduce((sum, count) => sum + count, 0)
  const known = call.usage?.tokens ?? {
    ...NO_TOKENS,
    input: correctTokens({ model, side: 'input', tokens: input, messages: prompt.length }),
  }
  return {
    tokens: {
      ...known,
      output: Math.max(known.output, output(text)),
      reasoning: Math.max(known.reasoning, output(reasoning)),
    },
    raw: call.usage?.raw ?? null,
    serviceTier: call.usage?.serviceTier ?? null,
    // What a provider states midway is not the whole cost.
    reportedPicousd: null,
  }
}
