import { type FileHandle, open, rm } from 'node:fs/promises'
import { AppError } from '#shared/errors.ts'
import { IMPORT_LIMITS, type ImportFile } from '#shared/transfer/import/import-limits.ts'

type Spooled = { readonly file: ImportFile; close(): Promise<void> }

const CHUNK_BYTES = 64 * 1024

/**
 * Writes a body to a file while it comes, for it is read twice and may be larger than the memory. The file has no name any more
 * once it is open, so that nothing of it is left, whatever happens. Throws AppError `too-large`.
 */
export async function spoolBody(body: ReadableStream<Uint8Array> | null, path: string): Promise<Spooled> {
  const handle = await open(path, 'wx+', 0o600)
  try {
    await rm(path)
    const size = await writeAll(handle, body)
    return {
      file: { name: 'body', size, read: (start, end) => readRange(handle, start, end) },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function writeAll(handle: FileHandle, body: ReadableStream<Uint8Array> | null): Promise<number> {
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > IMPORT_LIMITS.totalBytes) {
      throw new AppError('too-large', `The body should be at most ${IMPORT_LIMITS.totalBytes / 1024} KiB.`)
    }
    await handle.writeFile(chunk)
  }
  return size
}

async function* readRange(handle: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let position = start; position < end; ) {
    const length = Math.min(CHUNK_BYTES, end - position)
    const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}
