import { Inflate } from 'fflate'
import { AppError } from '../../errors.ts'
import { IMPORT_LIMITS, type ImportFile } from './import-limits.ts'
import { readBytes, type ZipEntry } from './zip-directory.ts'

const HEADER_MARK = 0x04034b50
const HEADER_BYTES = 30
/** Packed bytes that are unpacked at once: what comes out of them is held in memory. */
const STEP_BYTES = 16 * 1024

/**
 * The content of an entry, unpacked while it is read. Throws AppError `too-large` as soon as more comes out than the archive says
 * or an import reads, whichever is less, and `bad-request` for a broken one.
 */
export async function* readZipEntry(file: ImportFile, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const start = await findContent(file, entry)
  const most = Math.min(entry.bytes, IMPORT_LIMITS.totalBytes)
  let length = 0
  for await (const chunk of unpacked(file.read(start, start + entry.packedBytes), entry)) {
    length += chunk.length
    if (length > most) throw new AppError('too-large', `${entry.name} unpacks to more than it should.`)
    yield chunk
  }
  if (length < entry.bytes) throw broken(entry)
}

/** Behind the entry's own header, whose name and extra field may be longer than the directory says. */
async function findContent(file: ImportFile, entry: ZipEntry): Promise<number> {
  const headerEnd = entry.offset + HEADER_BYTES
  if (headerEnd > file.size) throw broken(entry)
  const view = new DataView((await readBytes(file, entry.offset, headerEnd)).buffer)
  if (view.getUint32(0, true) !== HEADER_MARK) throw broken(entry)
  const start = headerEnd + view.getUint16(26, true) + view.getUint16(28, true)
  if (start + entry.packedBytes > file.size) throw broken(entry)
  return start
}

async function* unpacked(chunks: AsyncIterable<Uint8Array>, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (entry.method === 0) {
    yield* chunks
    return
  }
  const ready: Uint8Array[] = []
  const inflate = new Inflate(piece => {
    ready.push(piece)
  })
  const push = (bytes: Uint8Array, isLast: boolean): void => {
    try {
      inflate.push(bytes, isLast)
    } catch (cause) {
      throw new AppError('bad-request', `${entry.name} cannot be unpacked: the archive is broken.`, { cause })
    }
  }
  for await (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index += STEP_BYTES) {
      push(chunk.subarray(index, index + STEP_BYTES), false)
      yield* ready.splice(0)
    }
  }
  push(new Uint8Array(0), true)
  yield* ready.splice(0)
}

function broken({ name }: ZipEntry): AppError {
  return new AppError('bad-request', `${name} cannot be read: the archive is broken.`)
}
