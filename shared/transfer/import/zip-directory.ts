import { AppError } from '../../errors.ts'
import { IMPORT_LIMITS, type ImportFile } from './import-limits.ts'

export type ZipEntry = {
  readonly name: string
  readonly packedBytes: number
  readonly bytes: number
  /** 0: as it is, 8: deflated. */
  readonly method: number
  /** Where its own header begins. */
  readonly offset: number
}

/** An entry that is not opened, and why. */
type RefusedEntry = { readonly name: string; readonly reason: string }

export type ZipDirectory = { readonly entries: readonly ZipEntry[]; readonly refused: readonly RefusedEntry[] }

const [END_MARK, ENTRY_MARK] = [0x06054b50, 0x02014b50]
const END_BYTES = 22
const MOST_COMMENT_BYTES = 65_535
const MOST_DIRECTORY_BYTES = 16 * 1024 * 1024
const [ENCRYPTED, UTF8] = [1, 1 << 11]
/** The file type of Unix, as the upper half of an entry's attributes has it. */
const [TYPE_MASK, SYMLINK] = [0o170000, 0o120000]
const IN_ZIP64 = 0xffffffff

/**
 * What a ZIP archive holds, by its directory at the end, and which of that is not to be trusted. Throws AppError `bad-request`
 * for what is no archive, and `too-large` for too many entries.
 */
export async function readZipDirectory(file: ImportFile): Promise<ZipDirectory> {
  const tailStart = Math.max(0, file.size - END_BYTES - MOST_COMMENT_BYTES)
  const tail = await readBytes(file, tailStart, file.size)
  const end = findEnd(tail)
  const count = end.getUint16(10, true)
  const [size, offset] = [end.getUint32(12, true), end.getUint32(16, true)]
  if (count > IMPORT_LIMITS.entries) {
    throw new AppError('too-large', `The archive holds ${count} files; at most ${IMPORT_LIMITS.entries} are read.`)
  }
  if (offset === IN_ZIP64 || size > MOST_DIRECTORY_BYTES || offset + size > file.size) {
    throw new AppError(
      'too-large',
      'The archive is larger than 4 GB or broken. Unpack it, and choose its conversations file.',
    )
  }
  return readEntries(await readBytes(file, offset, offset + size), count)
}

/** Bytes of a file as one piece. */
export async function readBytes(file: ImportFile, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start)
  let length = 0
  for await (const chunk of file.read(start, end)) {
    bytes.set(chunk, length)
    length += chunk.length
  }
  return bytes
}

function findEnd(tail: Uint8Array<ArrayBuffer>): DataView {
  const view = new DataView(tail.buffer)
  for (let index = tail.length - END_BYTES; index >= 0; index--) {
    if (view.getUint32(index, true) === END_MARK) return new DataView(tail.buffer, index)
  }
  throw new AppError('bad-request', 'The archive is broken: its table of contents is missing. Was it copied whole?')
}

function readEntries(directory: Uint8Array<ArrayBuffer>, count: number): ZipDirectory {
  const view = new DataView(directory.buffer)
  const entries: ZipEntry[] = []
  const refused: RefusedEntry[] = []
  let index = 0
  for (let number = 0; number < count; number++) {
    if (index + 46 > directory.length || view.getUint32(index, true) !== ENTRY_MARK) {
      throw new AppError('bad-request', 'The archive is broken: its table of contents cannot be read.')
    }
    const nameEnd = index + 46 + view.getUint16(index + 28, true)
    const flags = view.getUint16(index + 8, true)
    const entry = {
      name: nameOf(directory.subarray(index + 46, nameEnd), (flags & UTF8) !== 0),
      method: view.getUint16(index + 10, true),
      packedBytes: view.getUint32(index + 20, true),
      bytes: view.getUint32(index + 24, true),
      offset: view.getUint32(index + 42, true),
    }
    const reason = refuse(entry, { flags, type: (view.getUint32(index + 38, true) >>> 16) & TYPE_MASK })
    if (reason !== null) refused.push({ name: entry.name, reason })
    else if (!entry.name.endsWith('/')) entries.push(entry)
    index = nameEnd + view.getUint16(index + 30, true) + view.getUint16(index + 32, true)
  }
  return { entries, refused }
}

/** Names are compared and shown, never written to a disk: letters beyond ASCII only have to stay apart. */
function nameOf(bytes: Uint8Array, isUtf8: boolean): string {
  const letters = Array.from(bytes, byte => (isUtf8 && byte > 0x7f ? '�' : String.fromCharCode(byte)))
  return letters.join('')
}

function refuse(entry: ZipEntry, { flags, type }: { readonly flags: number; readonly type: number }): string | null {
  const { name, bytes, packedBytes, method } = entry
  if (type === SYMLINK) return 'it is a link to another file'
  if (/^[/\\]|^[a-z]:/i.test(name)) return 'its name begins at the root of a disk'
  if (name.split(/[/\\]/).includes('..')) return 'its name points out of the archive'
  if (name.includes('\0')) return 'its name holds a NUL character'
  if ((flags & ENCRYPTED) !== 0) return 'it is encrypted'
  if (method !== 0 && method !== 8) return 'it is packed in a way that is not read here'
  if (bytes > IMPORT_LIMITS.ratio * Math.max(packedBytes, 1))
    return `it unpacks to more than ${IMPORT_LIMITS.ratio} times its size`
  if (/\.(zip|gz|7z|rar|tar|bz2|xz)$/i.test(name)) return 'it is an archive in an archive'
  return null
}
