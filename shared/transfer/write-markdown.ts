import { activePath } from './active-path.ts'
import type { FileChat, FileMessage } from './file-format.ts'

/** One chat as a Markdown text: its facts, then the way to its active leaf, each message under a heading of its own. */
export function writeMarkdown(chat: FileChat): string {
  const path = activePath(chat)
  const parts = [`# ${oneLine(chat.title)}`, facts(chat).join('\n')]
  if (chat.system_prompt !== null) parts.push(`> ${chat.system_prompt.replaceAll('\n', '\n> ')}`)
  for (const message of path) parts.push(`## ${heading(message)}`, ...body(message))
  const elsewhere = elsewhereWords(chat, path)
  if (elsewhere !== null) parts.push('---', elsewhere)
  return `${parts.join('\n\n')}\n`
}

/** How much of a chat stands beside the way to its active leaf; null where that is all of it. */
export function elsewhereWords({ messages }: FileChat, path: readonly FileMessage[]): string | null {
  const count = messages.filter(({ deleted_at }) => deleted_at === null).length - path.length
  if (count <= 0) return null
  const words =
    count === 1 ? '1 more message stands in another branch' : `${count} more messages stand in other branches`
  return `${words}. The JSON export has all of them.`
}

/** Who speaks, by what model and when (UTC). */
export function heading({ role, model, created_at }: FileMessage): string {
  const who = role === 'assistant' ? (model ?? 'answer') : role === 'user' ? 'you' : 'system'
  return `${who} · ${timeText(created_at)}`
}

/** `2026-11-23 06:05` in UTC. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')
}

function facts({ id, model, tags, created_at, updated_at, archived_at }: FileChat): readonly string[] {
  return [
    `- id: ${id}`,
    `- begun: ${timeText(created_at)} UTC`,
    `- last: ${timeText(updated_at)} UTC`,
    ...(model === null ? [] : [`- model: ${model}`]),
    ...(tags.length === 0 ? [] : [`- tags: ${tags.join(', ')}`]),
    ...(archived_at === null ? [] : ['- archived']),
  ]
}

function body({ content, reasoning, citations, status, error }: FileMessage): readonly string[] {
  const parts: string[] = []
  if (reasoning !== null && reasoning !== '') parts.push(`> ${reasoning.replaceAll('\n', '\n> ')}`)
  if (content !== '') parts.push(content)
  if (citations.length > 0) parts.push(citations.map(({ url, title, quote }) => source(url, title ?? quote)).join('\n'))
  if (status !== 'complete') parts.push(`*${[status, error?.message].filter(Boolean).join(': ')}*`)
  return parts
}

function source(url: string | null, words: string | null): string {
  const label = oneLine(words ?? url ?? 'a source').replace(/[[\]]/g, '\\$&')
  return url === null ? `- ${label}` : `- [${label}](<${url.replace(/[<>\n]/g, encodeURIComponent)}>)`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
