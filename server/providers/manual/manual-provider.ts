import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import { NO_TOKENS } from '#shared/records.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import type { Provider, ProviderEvent, ProviderRequest } from '../provider.ts'
import type { Usage } from '../usage.ts'
import { createSectionFinder } from './find-section.ts'
import { splitSections } from './manual-sections.ts'

/** Waits, or returns early once the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>

type ManualOptions = {
  /** The product's manual in Markdown. */
  readonly manual: string
  readonly pause?: Pause
}

/** The one model that is always there. */
export const MANUAL_MODEL: Model = {
  id: 'manual/manual',
  provider: 'manual',
  name: 'Manual',
  context_window: null,
  max_output_tokens: null,
  price: { input: 0, output: 0, cache_read: 0, cache_write: 0 },
  abilities: { vision: false, pdf: false, reasoning: false, temperature: false },
  source: 'live',
}
const FALLBACK_TITLE = 'What I can answer'
const LABEL = '*From the built-in manual: no language model, free.*'
/** Slow enough to be seen arriving, about twenty words a second. */
const PAUSE_MS = 45

/**
 * The model that is always there: it answers with the section of the manual that fits the last question best, word by word,
 * and says that it is no language model. With no key and no network, asking, streaming and storing still work.
 */
export function createManualProvider({ manual, pause = pauseFor }: ManualOptions): Provider {
  const sections = splitSections(manual)
  const findSection = createSectionFinder(sections.filter(({ title }) => title !== FALLBACK_TITLE))
  const fallback = fallbackText(sections)

  return {
    id: 'manual',
    name: 'Manual',
    prices: { kind: 'free' },
    listModels: () => Promise.resolve([MANUAL_MODEL]),
    async *stream(request, signal) {
      if (request.model !== 'manual') throw unknownModel(request.model)
      if (signal.aborted) return
      yield [
        { type: 'accepted', requestId: null },
        { type: 'served-model', model: 'manual' },
      ]
      const question = request.messages.findLast(({ role }) => role === 'user')?.content ?? ''
      const text = `${findSection(question)?.text ?? fallback}\n\n${LABEL}\n`
      for (const piece of wordsOf(text)) {
        await pause(PAUSE_MS, signal)
        if (signal.aborted) return
        yield [{ type: 'text', text: piece }]
      }
      yield ending(request, text)
    },
  }
}

function ending(request: ProviderRequest, text: string): readonly ProviderEvent[] {
  const input = estimateTokens([request.system ?? '', ...request.messages.map(({ content }) => content)].join('\n'))
  const usage: Usage = {
    tokens: { ...NO_TOKENS, input, output: estimateTokens(text) },
    raw: { source: 'manual' },
    serviceTier: null,
    reportedPicousd: null,
  }
  return [
    { type: 'usage', usage },
    { type: 'finish', reason: 'stop' },
  ]
}

/** What the manual says of itself, and what there is to ask about. */
function fallbackText(sections: readonly { readonly title: string; readonly text: string }[]): string {
  const own = sections.find(({ title }) => title === FALLBACK_TITLE)
  const others = sections.filter(section => section !== own).map(({ title }) => `- ${title}`)
  return [own?.text ?? `## ${FALLBACK_TITLE}`, 'It has these sections:', others.join('\n')].join('\n\n')
}

/** Each word with the white space behind it, so that the pieces joined are the text. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\S+\s*|^\s+/g) ?? []
}

function unknownModel(model: string): AppError {
  return new AppError(
    'unknown-model',
    `The manual has no model “${model.slice(0, 80)}”. Your prompt is saved. Choose manual/manual or another provider's model.`,
    { field: 'model' },
  )
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const timer = setTimeout(finish, ms)
    signal.addEventListener('abort', finish, { once: true })
    function finish(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
  })
}
