import type { Model } from '#shared/models.ts'
import type { Conversation, Message, MessageStatus } from '#shared/records.ts'
import type { ListedConversation } from '../../client/device/device.ts'
import type { Turn } from '../../client/stores/message-tree.ts'
import { madeMessage } from '../helpers/made-message.ts'
import { SHOWN_CHATS, type ShownChat } from '../helpers/showcase-chats.ts'

/** A fixed moment, so that two pictures of one page are the same. */
export const NOW_MS = new Date(2026, 10, 23, 14, 5).getTime()
const MINUTE_MS = 60_000
export const HERE = 'this-device'
export const LAPTOP = 'laptop'

/** The chats of the showcase, by the beginning of their titles. */
export function shownChat(title: string): ShownChat {
  const found = SHOWN_CHATS.find(chat => chat.title.startsWith(title))
  if (found === undefined) throw new RangeError(`No chat begins with ${title}.`)
  return found
}

export const SENT_HERE = { device_id: HERE, created_at: NOW_MS - 5 * MINUTE_MS }

/** An answer that came in full, changed by `values`. */
export function madeAnswer(values: Partial<Message> = {}): Message {
  const created_at = NOW_MS - 4 * MINUTE_MS
  return madeMessage({
    ...SENT_HERE,
    id: `answer-${values.status ?? 'complete'}`,
    role: 'assistant',
    parent_id: 'question',
    content: 'Send a comment line every 15 s. Proxies and radios both stay awake.',
    model: 'anthropic/claude-sonnet-4-5',
    tokens_input: 1_300,
    tokens_output: 348,
    tokens_cache_read: 900,
    tokens_cache_write: 0,
    tokens_reasoning: 0,
    cost_nanousd: 9_120_000,
    price_state: 'reported',
    created_at,
    first_token_at: created_at + 412,
    first_text_at: created_at + 2_400,
    finished_at: created_at + 6_100,
    ...values,
  })
}

/** A question with an answer; `siblings` more stand beside it. */
export function madeTurn(
  answer: Message | null,
  { question = 'What if the battery saver kills the socket?', siblings = 0 } = {},
): Turn {
  const asked = madeMessage({ ...SENT_HERE, id: 'question', content: question })
  const shown = answer ?? asked
  const others = Array.from({ length: siblings }, (_, index) => `sibling-${index}`)
  return { question: asked, answer, variants: [...others, shown.id], variant: siblings }
}

export function madeConversation(values: Partial<ListedConversation>): ListedConversation {
  const bare: Conversation = {
    id: values.title ?? 'chat',
    title: 'phone drops the stream',
    model: 'anthropic/claude-sonnet-4-5',
    system_prompt: null,
    params: {},
    tags: [],
    active_leaf_id: null,
    pinned_at: null,
    archived_at: null,
    deleted_at: null,
    created_at: NOW_MS - 90 * MINUTE_MS,
    updated_at: NOW_MS - 5 * MINUTE_MS,
    rev: 1,
  }
  return {
    ...bare,
    cost_nanousd: 12_400_000,
    preview: 'Send a comment line every 15 s.',
    last_status: 'complete',
    ...values,
  }
}

/** The showcase as rows of the list. */
export function listedChats(): readonly ListedConversation[] {
  return SHOWN_CHATS.filter(({ shelf }) => shelf === undefined || shelf === 'pinned').map(chat => {
    const last = chat.turns.at(-1)?.answers.at(-1)
    return madeConversation({
      id: chat.title,
      title: chat.title,
      model: chat.model,
      tags: chat.tags ?? [],
      pinned_at: chat.shelf === 'pinned' ? NOW_MS : null,
      updated_at: NOW_MS - chat.age * MINUTE_MS,
      preview: last?.text.slice(0, 80) ?? null,
      last_status: (last?.status ?? 'complete') satisfies MessageStatus,
      cost_nanousd: last?.costNanousd ?? null,
    })
  })
}

export const MODELS: readonly Model[] = [
  madeModel('anthropic/claude-sonnet-4-5', { input: 3, output: 15 }),
  madeModel('openai/gpt-5-mini', { input: 0.25, output: 2 }),
  madeModel('ollama/qwen3:4b', { input: 0, output: 0 }),
  { ...madeModel('groq/llama-3.3-70b', { input: 0, output: 0 }), price: null },
]

function madeModel(id: string, price: { readonly input: number; readonly output: number }): Model {
  return {
    id,
    provider: id.split('/', 1)[0] ?? '',
    name: id.slice(id.indexOf('/') + 1),
    context_window: 200_000,
    max_output_tokens: 32_000,
    price: { ...price, cache_read: null, cache_write: null },
    abilities: { vision: true, reasoning: true },
    source: 'live',
  }
}
