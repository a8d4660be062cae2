import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import { correctTokens, isCountedExactly } from '#shared/correct-tokens.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import { watch } from '../signals/watch.ts'
import type { PromptParts } from './prompt-parts.ts'
import type { TokenCounter } from './token-counter.ts'

export type PromptSize = {
  readonly tokens: number
  /** True where it is what the provider will bill, as far as that can be known. */
  readonly isExact: boolean
}

type PromptSizeOptions = {
  readonly draft: ReadonlySignal<string>
  /** What goes along with the draft. */
  readonly parts: ReadonlySignal<PromptParts>
  /** `provider/model`; null where none is known. */
  readonly modelId: ReadonlySignal<string | null>
  readonly counter: TokenCounter
  readonly scheduler: Scheduler
}

/** The exact counts so far. Each text of a chat is counted once; of the draft only its last state is kept. */
type Counts = {
  readonly texts: Signal<ReadonlyMap<string, number>>
  readonly draft: Signal<{ readonly text: string; readonly tokens: number } | null>
}

const PAUSE_MS = 300

/** How many tokens sending the draft takes: at once by kinds of characters, and exactly once the writer pauses. */
export function promptSize(alive: AbortSignal, options: PromptSizeOptions): ReadonlySignal<PromptSize> {
  const { draft, parts, modelId } = options
  const counts: Counts = { texts: signal(new Map()), draft: signal(null) }
  countInPauses(alive, options, counts)
  // Apart from the draft, so that a keystroke does not look at the whole chat again.
  const along = computed(() => sizeOf(parts.value.texts, counts.texts.value))
  return computed(() => {
    const text = draft.value
    const exact = counts.draft.value?.text === text ? counts.draft.value.tokens : null
    const model = modelId.value ?? ''
    const { countedTokens, countedBy, texts } = parts.value
    const tokens = along.value.tokens + (exact ?? estimateTokens(text))
    const isCountedAlike = countedBy === null || countedBy === modelId.value
    return {
      tokens: countedTokens + correctTokens({ model, side: 'input', tokens, messages: texts.length + 1 }),
      isExact: exact !== null && along.value.isExact && isCountedAlike && isCountedExactly(model),
    }
  })
}

function sizeOf(texts: readonly string[], counts: ReadonlyMap<string, number>): PromptSize {
  const tokens = texts.reduce((sum, text) => sum + (counts.get(text) ?? estimateTokens(text)), 0)
  return { tokens, isExact: texts.every(text => counts.has(text)) }
}

function countInPauses(
  alive: AbortSignal,
  { draft, parts, counter, scheduler }: PromptSizeOptions,
  counts: Counts,
): void {
  let stopWaiting = (): void => undefined
  const count = async (): Promise<void> => {
    const text = draft.peek()
    const { texts } = parts.peek()
    const missing = texts.filter(part => !counts.texts.peek().has(part))
    const counted = await counter.count([...missing, text])
    if (counted === null || alive.aborted) return
    batch(() => {
      const fresh = missing.map((part, index) => [part, counted[index] ?? 0] as const)
      const kept = [...counts.texts.peek()].filter(([part]) => texts.includes(part))
      counts.texts.value = new Map([...kept, ...fresh])
      counts.draft.value = { text, tokens: counted.at(-1) ?? 0 }
    })
  }
  watch(
    alive,
    computed(() => ({ text: draft.value, parts: parts.value })),
    ({ text }) => {
      stopWaiting()
      if (text.trim() !== '') stopWaiting = scheduler.after(PAUSE_MS, () => void count())
    },
  )
}
