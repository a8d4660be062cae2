import type { Conversation, Message } from '#shared/records.ts'
import type { ListedConversation } from '../device/device.ts'
import type { KeptChat, LastScreen } from './last-screen.ts'

type Test = (value: unknown) => boolean

const isText: Test = value => typeof value === 'string'
const isNumber: Test = value => typeof value === 'number'
const isFlag: Test = value => typeof value === 'boolean'
const isObject: Test = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const orNull =
  (test: Test): Test =>
  value =>
    value === null || test(value)
const isTextOrNull = orNull(isText)
const isNumberOrNull = orNull(isNumber)

const CONVERSATION: Readonly<Record<keyof Conversation, Test>> = {
  id: isText,
  title: isText,
  model: isTextOrNull,
  system_prompt: isTextOrNull,
  params: isObject,
  tags: listOf(isText),
  active_leaf_id: isTextOrNull,
  pinned_at: isNumberOrNull,
  archived_at: isNumberOrNull,
  deleted_at: isNumberOrNull,
  created_at: isNumber,
  updated_at: isNumber,
  rev: isNumber,
}
const LISTED: Readonly<Record<keyof ListedConversation, Test>> = {
  ...CONVERSATION,
  cost_nanousd: isNumberOrNull,
  preview: isTextOrNull,
  last_status: isTextOrNull,
}
const MESSAGE: Readonly<Record<keyof Message, Test>> = {
  id: isText,
  conversation_id: isText,
  parent_id: isTextOrNull,
  role: isText,
  content: isText,
  reasoning: isTextOrNull,
  attachments: listOf(isText),
  citations: listOf(recordOf({ url: isTextOrNull, title: isTextOrNull, quote: isTextOrNull })),
  model: isTextOrNull,
  status: isText,
  finish_reason: isTextOrNull,
  error: orNull(recordOf({ code: isText, message: isText })),
  run_id: isTextOrNull,
  tokens_input: isNumberOrNull,
  tokens_output: isNumberOrNull,
  tokens_cache_read: isNumberOrNull,
  tokens_cache_write: isNumberOrNull,
  tokens_reasoning: isNumberOrNull,
  cost_nanousd: isNumberOrNull,
  price_state: isTextOrNull,
  device_id: isTextOrNull,
  created_at: isNumber,
  first_token_at: isNumberOrNull,
  first_text_at: isNumberOrNull,
  finished_at: isNumberOrNull,
  rev: isNumber,
}
const isKeptElement = recordOf({ tag: isText, attributes: mapOf(isText), children: listOf(isKeptNode) })
const PAGE = { rows: listOf(recordOf(LISTED)), hasMore: isFlag, isComplete: isFlag, isAllHere: isFlag }
const CHAT: Readonly<Record<keyof KeptChat, Test>> = {
  conversation: recordOf(CONVERSATION),
  messages: listOf(recordOf(MESSAGE)),
  deviceId: isTextOrNull,
  answers: mapOf(listOf(isKeptNode)),
}
const isScreen = recordOf({ page: orNull(recordOf(PAGE)), chat: orNull(recordOf(CHAT)) })

/** What an earlier page kept; null for what has another shape. By hand: a library for it would be loaded before the first paint. */
export function parseLastScreen(text: string): LastScreen | null {
  try {
    const value: unknown = JSON.parse(text)
    return isLastScreen(value) ? value : null
  } catch (error) {
    // Half a text, of a disk that was full: the database says it all, a moment later.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function isLastScreen(value: unknown): value is LastScreen {
  return isScreen(value)
}

function isKeptNode(value: unknown): boolean {
  return isText(value) || isKeptElement(value)
}

function recordOf(shape: Readonly<Record<string, Test>>): Test {
  const fields = Object.entries(shape)
  return value => isObject(value) && fields.every(([name, test]) => test(Reflect.get(Object(value), name)))
}

function mapOf(test: Test): Test {
  return value => isObject(value) && Object.values(Object(value)).every(test)
}

function listOf(test: Test): Test {
  return value => Array.isArray(value) && value.every(test)
}
