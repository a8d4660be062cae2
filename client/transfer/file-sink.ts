/** Takes a file piece by piece, without holding more of it in memory than the browser has to. */
export interface FileSink {
  write(piece: string | Uint8Array): Promise<void>
  /** The whole file. */
  finish(name: string, mediaType: string): Promise<File>
}

/** Writing at once, which the types have for workers alone and every browser that has it too. */
type OpenAccess = () => Promise<{ write(bytes: Uint8Array): number; flush(): void; close(): void }>

const FOLDER = 'exports'
/** Pieces are gathered to so many bytes before they are written. */
const CHUNK_BYTES = 1024 * 1024

/**
 * A file of this origin's own file system, which lies on the disk; where there is none (plain HTTP, an old browser) a blob, which
 * the browser keeps as it likes. What an earlier export left is removed first.
 */
export async function openFileSink(storage: StorageManager | undefined, id: string): Promise<FileSink> {
  if (storage?.getDirectory === undefined) return blobSink()
  try {
    return await diskSink(await storage.getDirectory(), id)
  } catch (error) {
    // A private window has the call and no file system behind it.
    if (error instanceof DOMException) return blobSink()
    throw error
  }
}

async function diskSink(root: FileSystemDirectoryHandle, id: string): Promise<FileSink> {
  await root.removeEntry(FOLDER, { recursive: true }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
  })
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })
  const handle = await folder.getFileHandle(id, { create: true })
  const openAccess: OpenAccess | undefined = Reflect.get(handle, 'createSyncAccessHandle')
  if (openAccess === undefined) return blobSink()
  const access = await openAccess.call(handle)
  const gather = createGatherer(chunk => {
    access.write(chunk)
  })
  return {
    write: async piece => gather.add(piece),
    finish: async (name, mediaType) => {
      gather.flush()
      access.flush()
      access.close()
      return new File([await handle.getFile()], name, { type: mediaType })
    },
  }
}

function blobSink(): FileSink {
  let parts: Blob[] = []
  const gather = createGatherer(chunk => {
    parts.push(new Blob([chunk]))
  })
  return {
    write: async piece => gather.add(piece),
    finish: async (name, mediaType) => {
      gather.flush()
      const file = new File(parts, name, { type: mediaType })
      parts = []
      return file
    },
  }
}

/** Hands on chunks of one size, as copies. */
function createGatherer(take: (chunk: Uint8Array<ArrayBuffer>) => void) {
  const encoder = new TextEncoder()
  const buffer = new Uint8Array(CHUNK_BYTES)
  let length = 0
  const flush = (): void => {
    if (length > 0) take(buffer.slice(0, length))
    length = 0
  }
  return {
    add: (piece: string | Uint8Array): void => {
      const bytes = typeof piece === 'string' ? encoder.encode(piece) : piece
      for (let index = 0; index < bytes.length; ) {
        const part = bytes.subarray(index, index + CHUNK_BYTES - length)
        buffer.set(part, length)
        length += part.length
        index += part.length
        if (length === CHUNK_BYTES) flush()
      }
    },
    flush,
  }
}
