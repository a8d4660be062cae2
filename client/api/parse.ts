import * as v from 'valibot'
import type { Model } from '#shared/models.ts'
import type { Conversation, Message, MessageStatus } from '#shared/records.ts'
import { conversationSchema, errorDetailSchema, messageSchema } from '#shared/wire/records.ts'
import type { Failure } from './outcome.ts'

export type Health = {
  readonly status: string
  readonly version: string
  readonly database: string
  readonly providers: Readonly<Record<string, string>>
}

export type ConversationWithMessages = { readonly conversation: Conversation; readonly messages: readonly Message[] }

/** A row of the list: the conversation and what the list shows of its content. */
export type ListedConversation = Conversation & {
  readonly cost_nanousd: number | null
  /** How its newest prompt begins. */
  readonly preview: string | null
  readonly last_status: MessageStatus | null
}

export type UsageSummary = {
  readonly totalNanousd: number
  /** Nano-dollars by `YYYY-MM-DD`, days in UTC. */
  readonly costByDay: ReadonlyMap<string, number>
  readonly costByConversation: ReadonlyMap<string, number>
}

const healthSchema = v.object({
  status: v.string(),
  version: v.string(),
  database: v.string(),
  providers: v.record(v.string(), v.string()),
})

const price = v.object({
  input: v.number(),
  output: v.number(),
  cache_read: v.nullable(v.number()),
  cache_write: v.nullable(v.number()),
})
const optionalAbility = v.exactOptional(v.boolean())
const modelSchema: v.GenericSchema<unknown, Model> = v.object({
  id: v.string(),
  provider: v.string(),
  name: v.string(),
  context_window: v.nullable(v.number()),
  max_output_tokens: v.nullable(v.number()),
  price: v.nullable(price),
  abilities: v.object({
    vision: optionalAbility,
    pdf: optionalAbility,
    reasoning: optionalAbility,
    temperature: optionalAbility,
  }),
  source: v.picklist(['live', 'catalogue', 'config']),
})

const listedSchema: v.GenericSchema<unknown, ListedConversation> = v.intersect([
  conversationSchema,
  v.object({
    cost_nanousd: v.optional(v.nullable(v.number()), null),
    preview: v.optional(v.nullable(v.string()), null),
    last_status: v.optional(
      v.nullable(v.picklist(['queued', 'streaming', 'complete', 'cancelled', 'interrupted', 'error'])),
      null,
    ),
  }),
])

const costRow = { cost_nanousd: v.nullable(v.number()) }
const usageSchema = v.object({
  total: v.object(costRow),
  by_day: v.array(v.object({ ...costRow, day: v.string() })),
  by_conversation: v.array(v.object({ ...costRow, conversation_id: v.string() })),
})

const refusalSchema = v.object({
  error: errorDetailSchema,
  conversation_id: v.optional(v.nullable(v.string()), null),
  message_id: v.optional(v.nullable(v.string()), null),
})

export const parseHealth = (value: unknown): Health => v.parse(healthSchema, value)
export const parseModels = (value: unknown): readonly Model[] => v.parse(v.array(modelSchema), value)
export const parseConversation = (value: unknown): Conversation => v.parse(conversationSchema, value)
export const parseConversations = (value: unknown): readonly ListedConversation[] =>
  v.parse(v.array(listedSchema), value)

/** `GET /api/conversations/:id`: the conversation's own fields with `messages` beside them. */
export function parseConversationWithMessages(value: unknown): ConversationWithMessages {
  const { messages } = v.parse(v.object({ messages: v.array(messageSchema) }), value)
  return { conversation: v.parse(conversationSchema, value), messages }
}

/** `GET /api/usage/summary`, of which this page needs the money. */
export function parseUsageSummary(value: unknown): UsageSummary {
  const summary = v.parse(usageSchema, value)
  return {
    totalNanousd: summary.total.cost_nanousd ?? 0,
    costByDay: new Map(summary.by_day.map(row => [row.day, row.cost_nanousd ?? 0])),
    costByConversation: new Map(summary.by_conversation.map(row => [row.conversation_id, row.cost_nanousd ?? 0])),
  }
}

/** The body of a refused call; anything but the agreed shape counts as broken. */
export function parseFailure(status: number, body: unknown): Failure {
  const refusal = v.safeParse(refusalSchema, body)
  if (!refusal.success) return { kind: 'broken', status }
  const { error, conversation_id, message_id } = refusal.output
  return { kind: 'refused', status, error, conversationId: conversation_id, messageId: message_id }
}
