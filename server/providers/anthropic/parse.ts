import * as v from 'valibot'

const Count = v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0)
const CountOrNull = v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null)
const TextOrNull = v.fallback(v.nullable(v.string()), null)
const RawUsage = v.record(v.string(), v.unknown())

const CitationSource = v.object({
  cited_text: TextOrNull,
  /** Web search results have a URL and a title, documents only `document_title`, search results a `source`. */
  url: TextOrNull,
  source: TextOrNull,
  title: TextOrNull,
  document_title: TextOrNull,
})

const StreamEvent = v.variant('type', [
  v.object({ type: v.literal('message_start'), message: v.object({ model: v.string(), usage: RawUsage }) }),
  v.object({
    type: v.literal('content_block_start'),
    content_block: v.variant('type', [
      v.object({ type: v.literal('text'), text: v.string() }),
      v.object({ type: v.literal('thinking'), thinking: v.string() }),
    ]),
  }),
  v.object({
    type: v.literal('content_block_delta'),
    delta: v.variant('type', [
      v.object({ type: v.literal('text_delta'), text: v.string() }),
      v.object({ type: v.literal('thinking_delta'), thinking: v.string() }),
      v.object({ type: v.literal('citations_delta'), citation: CitationSource }),
    ]),
  }),
  v.object({ type: v.literal('content_block_stop') }),
  v.object({
    type: v.literal('message_delta'),
    delta: v.object({ stop_reason: TextOrNull }),
    usage: v.fallback(RawUsage, {}),
  }),
  v.object({ type: v.literal('message_stop') }),
  v.object({ type: v.literal('error'), error: v.object({ type: TextOrNull, message: v.fallback(v.string(), '') }) }),
])

export type StreamEvent = v.InferOutput<typeof StreamEvent>
export type CitationSource = v.InferOutput<typeof CitationSource>

/**
 * One `data:` line of a Messages stream; null for the events, blocks and deltas that say nothing to a reader, new ones
 * among them (https://platform.claude.com/docs/en/build-with-claude/streaming). Throws SyntaxError where it is not JSON.
 */
export function parseStreamEvent(data: string): StreamEvent | null {
  const result = v.safeParse(StreamEvent, JSON.parse(data))
  return result.success ? result.output : null
}

const UsagePass = v.object({
  input_tokens: Count,
  output_tokens: Count,
  cache_read_input_tokens: Count,
  cache_creation_input_tokens: CountOrNull,
  cache_creation: v.fallback(v.object({ ephemeral_5m_input_tokens: Count, ephemeral_1h_input_tokens: Count }), {
    ephemeral_5m_input_tokens: 0,
    ephemeral_1h_input_tokens: 0,
  }),
  output_tokens_details: v.fallback(v.object({ thinking_tokens: Count }), { thinking_tokens: 0 }),
})

const MessageUsage = v.object({
  ...UsagePass.entries,
  /** Compaction and fallback make several passes; the fields above then count only the last one. */
  iterations: v.fallback(v.array(UsagePass), []),
  server_tool_use: v.fallback(v.object({ web_search_requests: Count }), { web_search_requests: 0 }),
  service_tier: TextOrNull,
})

export type UsagePass = v.InferOutput<typeof UsagePass>
export type MessageUsage = v.InferOutput<typeof MessageUsage>

/** Reads the usage object of a Messages answer; what is missing counts as nothing. */
export function parseMessageUsage(raw: Readonly<Record<string, unknown>>): MessageUsage {
  return v.parse(MessageUsage, raw)
}

const Support = v.fallback(v.nullable(v.object({ supported: v.boolean() })), null)

const ModelInfo = v.object({
  id: v.string(),
  display_name: TextOrNull,
  max_input_tokens: CountOrNull,
  max_tokens: CountOrNull,
  capabilities: v.fallback(
    v.nullable(
      v.object({
        image_input: Support,
        pdf_input: Support,
        effort: v.fallback(
          v.nullable(v.object({ low: Support, medium: Support, high: Support, xhigh: Support, max: Support })),
          null,
        ),
        thinking: v.fallback(
          v.nullable(
            v.object({
              supported: v.boolean(),
              types: v.object({ adaptive: Support, enabled: Support, disabled: Support }),
            }),
          ),
          null,
        ),
      }),
    ),
    null,
  ),
})

export type ModelInfo = v.InferOutput<typeof ModelInfo>

/** One entry of `GET /v1/models`; null where it is none. Lists of before 2026-10-21 lack some capabilities. */
export function parseModelInfo(raw: unknown): ModelInfo | null {
  const result = v.safeParse(ModelInfo, raw)
  return result.success ? result.output : null
}
