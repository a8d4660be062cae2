import type { Citation } from '../../records.ts'
import { NOTHING_COUNTED } from '../../sync-row-defaults.ts'
import { MOST_TITLE_LENGTH, titleFromPrompt, UNTITLED } from '../../title.ts'
import { MOST_CONTENT_LENGTH } from '../../wire/row-fields.ts'
import type { FileChat, FileMessage } from '../file-format.ts'
import { type Draft, draftAnswers } from './draft-answers.ts'
import type { ForeignChat, Skipped } from './foreign-chat.ts'
import { stableId } from './stable-id.ts'

export type SettledChat = {
  /** Null when nothing of it can be shown. */
  readonly chat: FileChat | null
  readonly skipped: readonly Skipped[]
}

const CUT_NOTE = '\n\n*[cut here: longer than a message can be]*'
const CUT = 'longer than a message can be: its end was cut'
const MOST_SYSTEM_LENGTH = 100_000
const MOST_TAGS = 50
const MOST_TAG_LENGTH = 50

/**
 * Another program's conversation as one of ours, with ids that a second import makes again. `nowMs` is the time of a
 * conversation whose file knows none.
 */
export function settleChat(foreign: ForeignChat, nowMs: number): SettledChat {
  const { drafts, draftOf, skipped } = draftAnswers(foreign.nodes)
  const title = cleanTitle(foreign.title ?? '') || titleFromPrompt(clean(firstPrompt(drafts), MOST_CONTENT_LENGTH))
  const named = skipped.map(skip => ({ ...skip, chat: title }))
  if (drafts.length === 0) {
    const chat = title === UNTITLED ? foreign.title : title
    return { chat: null, skipped: [...named, { chat, node: null, reason: 'there is no message in it' }] }
  }
  // Ids are made with a time that does not change when the chat goes on elsewhere.
  const firstMs = foreign.createdAtMs ?? earliest(drafts)
  const created_at = firstMs ?? foreign.updatedAtMs ?? nowMs
  const messages = placeMessages(foreign, drafts, { idMs: firstMs ?? 0, startMs: created_at })
  const newest = [...messages.values()].reduce((time, message) => Math.max(time, message.created_at), created_at)
  const updated_at = Math.max(created_at, foreign.updatedAtMs ?? newest)
  const active = draftOf.get(foreign.activeId ?? '') ?? newestLeaf(messages)
  return {
    chat: {
      id: stableId(foreign.source, foreign.id, firstMs ?? 0),
      title,
      model: null,
      system_prompt: clean(foreign.systemPrompt ?? '', MOST_SYSTEM_LENGTH) || null,
      params: {},
      tags: cleanTags(foreign.tags),
      active_leaf_id: active === null ? null : (messages.get(active)?.id ?? null),
      pinned_at: foreign.isPinned ? updated_at : null,
      archived_at: foreign.isArchived ? updated_at : null,
      deleted_at: null,
      created_at,
      updated_at,
      messages: [...messages.values()],
    },
    skipped: [...named, ...cutMessages(messages).map(node => ({ chat: title, node, reason: CUT }))],
  }
}

/**
 * Each message after the one above it, and after the sibling before it where the file does not tell the time or tells the same:
 * answers that came side by side have one second, and messages of one moment stand in no order.
 */
function placeMessages(
  { source, id: chatId }: ForeignChat,
  drafts: readonly Draft[],
  { idMs, startMs }: { readonly idMs: number; readonly startMs: number },
): ReadonlyMap<Draft, FileMessage> {
  const messages = new Map<Draft, FileMessage>()
  const lastBelow = new Map<Draft | null, { readonly told: number | null; readonly at: number }>()
  for (const draft of drafts) {
    const parent = draft.parent === null ? null : (messages.get(draft.parent) ?? null)
    const least = parent === null ? 0 : parent.created_at + 1
    const before = lastBelow.get(draft.parent)
    const told = draft.timeMs === null ? null : Math.max(draft.timeMs, least)
    const isNext = told === null || told === before?.told
    const created_at = Math.max(told ?? (parent === null ? startMs : least), isNext ? (before?.at ?? -1) + 1 : 0)
    lastBelow.set(draft.parent, { told, at: created_at })
    messages.set(draft, {
      id: stableId(source, `${chatId}/${draft.id}`, draft.timeMs ?? idMs),
      parent_id: parent?.id ?? null,
      ...wordsOf(draft),
      created_at,
    })
  }
  return messages
}

const NOTHING_ELSE = {
  ...NOTHING_COUNTED,
  attachments: [],
  finish_reason: null,
  device_id: null,
  first_token_at: null,
  first_text_at: null,
  finished_at: null,
  deleted_at: null,
} as const

function wordsOf({ role, parts, thoughts }: Draft): Omit<FileMessage, 'id' | 'parent_id' | 'created_at'> {
  let content = ''
  const citations: Citation[] = []
  for (const part of parts) {
    if (content !== '' && part.content !== '') content += '\n\n'
    citations.push(...part.citations.map(citation => shifted(citation, content.length)))
    content += part.content
  }
  const reasoning = [...thoughts, ...parts.map(part => part.reasoning ?? '')].filter(text => text !== '').join('\n\n')
  const error = parts.findLast(part => part.error !== null)?.error ?? null
  return {
    ...NOTHING_ELSE,
    role,
    content: clean(content, MOST_CONTENT_LENGTH),
    reasoning: clean(reasoning, MOST_CONTENT_LENGTH) || null,
    citations,
    model: parts.findLast(part => part.model !== null)?.model ?? null,
    status: error === null ? 'complete' : 'error',
    error: error === null ? null : { code: 'provider-incomplete', message: clean(error, 1000), retryable: false },
  }
}

function cutMessages(messages: ReadonlyMap<Draft, FileMessage>): readonly string[] {
  const isCut = (text: string | null) => text?.length === MOST_CONTENT_LENGTH && text.endsWith(CUT_NOTE)
  return [...messages].flatMap(([draft, { content, reasoning }]) =>
    isCut(content) || isCut(reasoning) ? [draft.id] : [],
  )
}

function shifted(citation: Citation, by: number): Citation {
  const { start, end } = citation
  return { ...citation, start: start === null ? null : start + by, end: end === null ? null : end + by }
}

/** Text that every store takes: no control character but those of lines, no half of a surrogate pair, not too long. */
function clean(text: string, mostLength: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const whole = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '').toWellFormed()
  return whole.length <= mostLength ? whole : whole.slice(0, mostLength - CUT_NOTE.length).toWellFormed() + CUT_NOTE
}

function cleanTitle(title: string): string {
  return title.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, MOST_TITLE_LENGTH).toWellFormed()
}

function cleanTags(tags: readonly string[]): readonly string[] {
  const names = tags.map(tag =>
    tag
      .toLowerCase()
      .replace(/[\s,/\0]+/g, '-')
      .slice(0, MOST_TAG_LENGTH)
      .toWellFormed(),
  )
  return [...new Set(names.filter(name => /[^-]/.test(name)))].slice(0, MOST_TAGS).sort()
}

function firstPrompt(drafts: readonly Draft[]): string {
  return drafts.find(({ role }) => role === 'user')?.parts[0]?.content ?? ''
}

function earliest(drafts: readonly Draft[]): number | null {
  const times = drafts.flatMap(({ timeMs }) => timeMs ?? [])
  return times.length === 0 ? null : times.reduce((least, time) => Math.min(least, time))
}

function newestLeaf(messages: ReadonlyMap<Draft, FileMessage>): Draft | null {
  const parents = new Set([...messages.keys()].map(({ parent }) => parent))
  let newest: { readonly draft: Draft; readonly time: number } | null = null
  for (const [draft, { created_at: time }] of messages) {
    if (!parents.has(draft) && (newest === null || time >= newest.time)) newest = { draft, time }
  }
  return newest?.draft ?? null
}
