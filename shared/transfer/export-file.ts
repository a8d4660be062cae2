import type { UsageLog } from '../records.ts'
import type { ExportFormat } from './export-formats.ts'
import type { FileChat } from './file-format.ts'
import { writeHtml } from './write-html.ts'
import { writeJson } from './write-json.ts'
import { writeMarkdown } from './write-markdown.ts'
import { type TextFile, zipTexts } from './zip-texts.ts'

export type ExportOptions = {
  readonly format: ExportFormat
  /** One chat in Markdown is a text; several are an archive of texts. */
  readonly isSingle: boolean
  readonly usage?: AsyncIterable<UsageLog>
}

const MOST_NAME_LENGTH = 60

/** The pieces of an export, text or bytes, in order. Chats are asked for one after the other and let go of. */
export function exportPieces(
  chats: AsyncIterable<FileChat>,
  { format, isSingle, usage }: ExportOptions,
): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'json':
      return writeJson(chats, usage)
    case 'html':
      return writeHtml(chats)
    case 'markdown':
      return isSingle ? writeTexts(chats) : zipTexts(textFiles(chats))
    default:
      return format satisfies never
  }
}

/** What the file is called and what it is: `chats-2026-11-23.json`, or the chat's own title for a single one. */
export function exportName(
  { format, isSingle }: Pick<ExportOptions, 'format' | 'isSingle'>,
  { nowMs, title }: { readonly nowMs: number; readonly title: string | null },
): { readonly name: string; readonly mediaType: string } {
  const base = `${title === null ? 'chats' : safeName(title)}-${new Date(nowMs).toISOString().slice(0, 10)}`
  switch (format) {
    case 'json':
      return { name: `${base}.json`, mediaType: 'application/json' }
    case 'html':
      return { name: `${base}.html`, mediaType: 'text/html' }
    case 'markdown':
      return isSingle
        ? { name: `${base}.md`, mediaType: 'text/markdown' }
        : { name: `${base}.zip`, mediaType: 'application/zip' }
    default:
      return format satisfies never
  }
}

async function* writeTexts(chats: AsyncIterable<FileChat>): AsyncGenerator<string> {
  for await (const chat of chats) yield writeMarkdown(chat)
}

async function* textFiles(chats: AsyncIterable<FileChat>): AsyncGenerator<TextFile> {
  const taken = new Set<string>()
  for await (const chat of chats) {
    const day = new Date(chat.created_at).toISOString().slice(0, 10)
    const plain = `${day} ${safeName(chat.title)}`
    // Some file systems take two cases of a letter for one.
    const name = taken.has(plain.toLowerCase()) ? `${plain} ${chat.id.slice(-12)}` : plain
    taken.add(name.toLowerCase())
    yield { name: `${name}.md`, text: writeMarkdown(chat), modifiedMs: chat.updated_at }
  }
}

/** Letters, digits and a few marks: a name that no file system, shell or archive reads as more than a name. */
function safeName(title: string): string {
  const words = title.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  return [...words.join('-')].slice(0, MOST_NAME_LENGTH).join('') || 'chat'
}
