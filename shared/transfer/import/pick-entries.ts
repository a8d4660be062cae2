import type { Skipped } from './foreign-chat.ts'
import { IMPORT_LIMITS, type ImportFile } from './import-limits.ts'
import { fieldAt, listOf, textOf } from './peek.ts'
import type { DecodeUtf8 } from './read-items.ts'
import { readZipEntry } from './read-zip-entry.ts'
import type { ZipDirectory, ZipEntry } from './zip-directory.ts'

/** `conversations.json`, its shards `conversations-000.json`, or what Grok calls its own. */
const CONVERSATIONS = /^(conversations(-\d+)?|prod-grok-backend)\.json$/i
const PROJECTS = 'projects.json'
const MANIFEST = 'export_manifest.json'
/** Files of the known exports that hold no conversations. */
const OTHERS =
  /^(user|users|projects|memories|message_feedback|shared_conversations|group_chats|user_settings|model_comparisons|export_manifest|conversation_asset_file_names|prod-mc-[\w-]+)\.json$/i

export type PickedEntries = {
  readonly entries: readonly ZipEntry[]
  /** Where a Claude export has its projects. */
  readonly projects: ZipEntry | undefined
  readonly skipped: readonly Skipped[]
}

/** The entries of an archive that hold conversations, in the order of their names; and what is missing or not opened, and why. */
export async function pickEntries(
  file: ImportFile,
  { entries, refused }: ZipDirectory,
  decode: DecodeUtf8,
): Promise<PickedEntries> {
  const json = entries.filter(({ name }) => /\.json$/i.test(name) && !name.startsWith('__MACOSX/'))
  const named = json.filter(({ name }) => CONVERSATIONS.test(baseName(name)))
  const picked = named.length > 0 ? named : json.filter(({ name }) => !OTHERS.test(baseName(name)))
  const manifest = json.find(({ name }) => baseName(name) === MANIFEST)
  const lost = manifest === undefined ? [] : await findLost(file, { manifest, entries, decode })
  return {
    entries: picked.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    projects: json.find(({ name }) => baseName(name) === PROJECTS),
    skipped: [...refused.map(({ name, reason }) => skip(`${baseName(name)}: ${reason}`)), ...lost],
  }
}

/** The shards that the manifest lists and the archive does not hold. */
async function findLost(
  file: ImportFile,
  options: { readonly manifest: ZipEntry; readonly entries: readonly ZipEntry[]; readonly decode: DecodeUtf8 },
): Promise<readonly Skipped[]> {
  const { manifest, entries, decode } = options
  const there = new Set(entries.map(({ name }) => baseName(name)))
  const files = fieldAt(await readJson(file, manifest, decode), 'logical_files', 'conversations.json', 'files')
  const names = listOf(files).flatMap(name => textOf(name) ?? [])
  return names
    .filter(name => !there.has(baseName(name)))
    .map(name => skip(`${baseName(name)}: the export lists it, but the archive does not hold it. It was cut short.`))
}

async function readJson(file: ImportFile, entry: ZipEntry, decode: DecodeUtf8): Promise<unknown> {
  if (entry.bytes > IMPORT_LIMITS.valueBytes) return null
  const whole = new Uint8Array(entry.bytes)
  let length = 0
  for await (const chunk of readZipEntry(file, entry)) {
    whole.set(chunk, length)
    length += chunk.length
  }
  try {
    return JSON.parse(decode(whole))
  } catch (error) {
    // Without its manifest an export is only not checked for missing parts.
    if (error instanceof SyntaxError || error instanceof TypeError) return null
    throw error
  }
}

function skip(reason: string): Skipped {
  return { chat: null, node: null, reason }
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}
