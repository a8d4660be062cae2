import * as v from 'valibot'
import { isId } from '../ids.ts'
import { isChangeable, RECOVERABLE_FIELDS, TAG_FIELD, WRITABLE_FIELDS, type WritableKind } from '../sync-kinds.ts'
import { paramsField, tagField, timeField, titleField } from './conversation-requests.ts'
import { idField, modelField, systemPromptField, textField } from './fields.ts'
import { citationSchema, errorDetailSchema } from './records.ts'

/** UTF-16 units of a message. */
export const MOST_CONTENT_LENGTH = 1_000_000
/** UTF-16 units of a setting's value as JSON. */
const MOST_SETTING_LENGTH = 20_000
const SETTING_NAME = /^[a-z][a-z0-9._-]{0,99}$/i

const time = v.nullable(timeField)
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** An answer may be empty; what a person says is not, which the client sees to. */
export const contentField = v.pipe(
  v.string('text'),
  v.maxLength(MOST_CONTENT_LENGTH, `text of at most ${MOST_CONTENT_LENGTH} characters`),
  v.check(text => !text.includes('\0') && text.isWellFormed(), 'well-formed Unicode text without a NUL character'),
)
const settingValueField = v.pipe(
  v.unknown(),
  v.check(value => value !== undefined && JSON.stringify(value).length <= MOST_SETTING_LENGTH),
)

type FieldSchemas = Readonly<Record<string, v.GenericSchema>>

/** What each writable field may hold; the same schemas stand behind the bodies of the plain REST calls. */
const FIELD_SCHEMAS: Readonly<Record<WritableKind, FieldSchemas>> = {
  conversations: {
    title: titleField,
    model: v.nullable(modelField),
    system_prompt: v.nullable(systemPromptField),
    params: paramsField,
    active_leaf_id: v.nullable(idField),
    pinned_at: time,
    archived_at: time,
    deleted_at: time,
    updated_at: timeField,
    created_at: timeField,
  },
  messages: {
    conversation_id: idField,
    parent_id: v.nullable(idField),
    role: v.picklist(['user', 'assistant', 'system']),
    content: contentField,
    attachments: v.pipe(v.array(idField), v.maxLength(20)),
    deleted_at: time,
    created_at: timeField,
  },
  personas: {
    name: titleField,
    system_prompt: v.nullable(systemPromptField),
    model: v.nullable(modelField),
    params: paramsField,
    deleted_at: time,
    created_at: timeField,
  },
  settings: { value: settingValueField, created_at: timeField },
  attachments: {
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    name: textField(300),
    media_type: v.pipe(textField(200), v.regex(/^[\w.+-]+\/[\w.+-]+$/)),
    bytes: wholeNumber,
    width: v.nullable(wholeNumber),
    height: v.nullable(wholeNumber),
    deleted_at: time,
    created_at: timeField,
  },
}

const count = v.nullable(wholeNumber)
const word = v.nullable(v.pipe(v.string(), v.maxLength(40)))

/** What an answer may bring with it, see `RECOVERABLE_FIELDS`. */
const ANSWER_SCHEMAS: FieldSchemas = {
  reasoning: v.nullable(contentField),
  citations: v.array(citationSchema),
  model: v.nullable(modelField),
  status: v.picklist(['queued', 'streaming', 'complete', 'cancelled', 'interrupted', 'error']),
  finish_reason: word,
  error: v.nullable(errorDetailSchema),
  run_id: v.nullable(idField),
  tokens_input: count,
  tokens_output: count,
  tokens_cache_read: count,
  tokens_cache_write: count,
  tokens_reasoning: count,
  cost_nanousd: count,
  price_state: v.nullable(v.picklist(['reported', 'estimated', 'unpriced'])),
  device_id: v.nullable(idField),
  first_token_at: time,
  first_text_at: time,
  finished_at: time,
}

/** The fields without which a row cannot be made. */
const REQUIRED: Readonly<Record<WritableKind, readonly string[]>> = {
  conversations: ['created_at'],
  messages: ['conversation_id', 'role', 'content', 'created_at'],
  personas: ['name', 'created_at'],
  settings: ['value', 'created_at'],
  attachments: ['sha256', 'name', 'media_type', 'bytes', 'created_at'],
}

/** True for an id that a row of this kind can have: a UUID, or the name of a setting. */
export function isRowId(kind: WritableKind, id: string): boolean {
  return kind === 'settings' ? SETTING_NAME.test(id) : isId(id)
}

/** True when a device may put these values into a row that it makes: every field known, none missing, each value right. */
export function arePuttable(kind: WritableKind, values: Readonly<Record<string, unknown>>): boolean {
  const isKnown = (field: string) => isChangeable(kind, field) || WRITABLE_FIELDS[kind].fixed.includes(field)
  return REQUIRED[kind].every(field => Object.hasOwn(values, field)) && areRight(kind, values, isKnown)
}

/** True when these values of an answer that was written elsewhere are right, all of them `RECOVERABLE_FIELDS`. */
export function areRecoverable(values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(values).every(([field, value]) => {
    const schema = RECOVERABLE_FIELDS.includes(field) ? ANSWER_SCHEMAS[field] : undefined
    return schema !== undefined && v.is(schema, value)
  })
}

/** True when a device may set these values in a row that is there. */
export function areSettable(kind: WritableKind, values: Readonly<Record<string, unknown>>): boolean {
  return areRight(kind, values, field => isChangeable(kind, field))
}

function areRight(
  kind: WritableKind,
  values: Readonly<Record<string, unknown>>,
  isAllowed: (field: string) => boolean,
): boolean {
  return Object.entries(values).every(([field, value]) => isAllowed(field) && isRight(kind, field, value))
}

function isRight(kind: WritableKind, field: string, value: unknown): boolean {
  if (field.startsWith(TAG_FIELD)) return typeof value === 'boolean' && v.is(tagField, field.slice(TAG_FIELD.length))
  const schema = FIELD_SCHEMAS[kind][field]
  return schema !== undefined && v.is(schema, value)
}
