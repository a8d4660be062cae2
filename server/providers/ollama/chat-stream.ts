import { type FinishReason, NO_TOKENS } from '#shared/records.ts'
import type { ProviderEvent } from '../provider.ts'
import type { AnswerReader } from '../read-answer.ts'
import { createThinkTagSplitter } from '../think-tags.ts'
import type { Usage } from '../usage.ts'
import { createLineDecoder } from './line-decoder.ts'
import { ollamaStreamFailure } from './ollama-failure.ts'
import { type ChatLine, parseChatLine } from './parse.ts'

/** Reads one answer of `/api/chat` or `/api/generate`, streamed or as a lone JSON object. */
export function createChatReader(model: string): AnswerReader {
  const decoder = createLineDecoder()
  const splitter = createThinkTagSplitter()
  let isServedModelTold = false
  let hasToolCalls = false
  let isFinished = false

  function readLine(text: string, events: ProviderEvent[]): void {
    const line = parseChatLine(text)
    if (line.error !== null) {
      splitter.end(events)
      throw ollamaStreamFailure(line.error, model)
    }
    if (!isServedModelTold && line.model !== '') {
      isServedModelTold = true
      events.push({ type: 'served-model', model: line.model })
    }
    const thinking = line.message.thinking + line.thinking
    if (thinking !== '') events.push({ type: 'reasoning', text: thinking })
    splitter.push(line.message.content + line.response, events)
    hasToolCalls ||= line.message.tool_calls.length > 0
    if (line.done) finish(line, events)
  }

  function finish(line: ChatLine, events: ProviderEvent[]): void {
    isFinished = true
    splitter.end(events)
    const usage = usageOf(line)
    if (usage !== null) events.push({ type: 'usage', usage })
    events.push({ type: 'finish', reason: finishReason(line.done_reason, hasToolCalls) })
  }

  return {
    push(bytes, events) {
      for (const line of decoder.push(bytes)) if (!isFinished) readLine(line, events)
    },
    end(events) {
      const rest = decoder.end()
      try {
        if (rest !== '') readLine(rest, events)
      } finally {
        // What was held back for a tag is text, also where the last line was cut.
        splitter.end(events)
      }
    },
    isFinished: () => isFinished,
  }
}

/** `stop` also where a tool was called, `load` and `unload` for an empty prompt; servers of before 2024 give no reason. */
function finishReason(reason: string | null, hasToolCalls: boolean): FinishReason {
  if (reason === 'length') return 'length'
  return hasToolCalls ? 'tool-call' : 'stop'
}

/**
 * Null where a count is missing, as from older servers for a prompt that was still in memory: a half count would look
 * like a whole one. `eval_count` holds thinking and answer together.
 */
function usageOf(line: ChatLine): Usage | null {
  const { prompt_eval_count, eval_count } = line
  if (prompt_eval_count === null || eval_count === null) return null
  const { total_duration, load_duration, prompt_eval_duration, eval_duration } = line
  const counts = { total_duration, load_duration, prompt_eval_count, prompt_eval_duration, eval_count, eval_duration }
  const given = Object.entries(counts).filter(([, value]) => value !== null)
  return {
    tokens: { ...NO_TOKENS, input: prompt_eval_count, output: eval_count },
    raw: Object.fromEntries(given),
    serviceTier: null,
    reportedPicousd: null,
  }
}
