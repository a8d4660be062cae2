import { AppError } from '../../errors.ts'
import type { FileChat } from '../file-format.ts'
import { type ClaudeProjects, inProject, readProjects, skippedDocuments } from './claude-projects.ts'
import type { ImportSource, Skipped } from './foreign-chat.ts'
import { IMPORT_LIMITS, type ImportFile } from './import-limits.ts'
import { baseName, pickEntries } from './pick-entries.ts'
import { type FoundChat, readDocument } from './read-document.ts'
import type { DecodeUtf8 } from './read-items.ts'
import { readZipEntry } from './read-zip-entry.ts'
import { settleChat } from './settle-chat.ts'
import { readBytes, readZipDirectory } from './zip-directory.ts'

/** What an import finds in its files, one after the other. */
export type ImportFind =
  | {
      readonly kind: 'chat'
      readonly source: ImportSource
      readonly chat: FileChat
      /** Pictures and files it names and leaves behind. */
      readonly missing: number
      readonly skipped: readonly Skipped[]
    }
  | { readonly kind: 'skipped'; readonly source: ImportSource | null; readonly skipped: readonly Skipped[] }

export type ImportOptions = {
  readonly decode: DecodeUtf8
  /** The time of conversations whose file knows none. */
  readonly nowMs: number
  /** Hears how many bytes of the files were read. */
  readonly onProgress?: (bytes: number) => void
}

const ZIP_MARK = [0x50, 0x4b] as const

/**
 * All conversations of the files, whatever programs they come from, read piece by piece. Throws AppError with a sentence that
 * says what is wrong with which file; what came before it was right.
 */
export async function* readImport(files: readonly ImportFile[], options: ImportOptions): AsyncGenerator<ImportFind> {
  const meter = createMeter(options.onProgress)
  for (const file of files) {
    try {
      yield* readFile(file, meter, options)
    } catch (error) {
      if (!(error instanceof AppError) || files.length === 1) throw error
      throw withName(error, file.name)
    }
  }
}

async function* readFile(file: ImportFile, meter: Meter, options: ImportOptions): AsyncGenerator<ImportFind> {
  const start = await readBytes(file, 0, Math.min(file.size, ZIP_MARK.length))
  if (start.length < ZIP_MARK.length) throw new AppError('bad-json', 'The file is empty.')
  if (isUtf16(start)) throw new AppError('bad-json', 'The file is in UTF-16. Save it in UTF-8, and choose it again.')
  if (!ZIP_MARK.every((byte, index) => start[index] === byte)) {
    const finds = settleAll(readDocument(meter(file.read(0, file.size)), options.decode), options)
    if (!(yield* finds)) throw nothingIn('file', [])
    return
  }
  const {
    entries,
    projects: projectsEntry,
    skipped,
  } = await pickEntries(file, await readZipDirectory(file), options.decode)
  if (skipped.length > 0) yield { kind: 'skipped', source: null, skipped }
  const projects = await readProjects(file, projectsEntry, options.decode)
  let isAny = false
  for (const entry of entries) {
    const found = yield* settleAll(readDocument(meter(readZipEntry(file, entry)), options.decode), options, projects)
    isAny ||= found
    if (!found) yield skipFind(`${baseName(entry.name)}: there are no conversations in it`)
  }
  if (!isAny) throw nothingIn('archive', skipped)
  const documents = skippedDocuments(projects)
  if (documents.length > 0) yield { kind: 'skipped', source: null, skipped: documents }
}

/** By its mark, or by a first letter of which one byte is empty. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
}

function nothingIn(what: string, skipped: readonly Skipped[]): AppError {
  const why = skipped.slice(0, 3).map(({ reason }) => ` ${reason}.`)
  return new AppError(
    'bad-request',
    `There are no conversations in this ${what}, or they are in no format known here.${why.join('')}`,
  )
}

function skipFind(reason: string): ImportFind {
  return { kind: 'skipped', source: null, skipped: [{ chat: null, node: null, reason }] }
}

/** False at the end if there was nothing. */
async function* settleAll(
  found: AsyncIterable<FoundChat>,
  { nowMs }: ImportOptions,
  projects: ClaudeProjects = new Map(),
): AsyncGenerator<ImportFind, boolean> {
  let isAny = true
  for await (const entry of found) {
    if (entry.kind === 'own') {
      yield { kind: 'chat', source: 'llm-router', chat: entry.chat, missing: 0, skipped: [] }
    } else if (entry.kind === 'skip') {
      yield skipFind(entry.reason)
    } else if (entry.kind === 'nothing') {
      isAny = false
    } else {
      const { source, missing } = entry.chat
      const { chat, skipped } = settleChat(inProject(entry.chat, projects), nowMs)
      yield chat === null ? { kind: 'skipped', source, skipped } : { kind: 'chat', source, chat, missing, skipped }
    }
  }
  return isAny
}

type Meter = (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>

/** Counts over all files, and ends the import where it is too much. */
function createMeter(onProgress: ImportOptions['onProgress']): Meter {
  let total = 0
  return async function* count(chunks) {
    for await (const chunk of chunks) {
      total += chunk.length
      if (total > IMPORT_LIMITS.totalBytes) {
        throw new AppError('too-large', 'This is more than 500 MB of conversations. Bring them in in parts.')
      }
      onProgress?.(total)
      yield chunk
    }
  }
}

function withName(error: AppError, name: string): AppError {
  return new AppError(error.code, `${name}: ${error.message}`, {
    cause: error,
    ...(error.field === undefined ? {} : { field: error.field }),
  })
}
