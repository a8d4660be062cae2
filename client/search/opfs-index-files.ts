import type { IndexFile, IndexFiles } from './index-files.ts'

/** A file that is open for this worker alone; the types of a page do not know it. */
type SyncHandle = {
  read(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}
type WorkerFileHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> }

const FOLDER = 'search'

/** The private files of this origin; null where the browser has none, as on plain HTTP. */
export async function openOpfsIndexFiles(storage: StorageManager | undefined): Promise<IndexFiles | null> {
  if (storage?.getDirectory === undefined || !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) return null
  const root = await storage.getDirectory()
  const folder = await root.getDirectoryHandle(FOLDER, { create: true })

  async function openHandle(name: string, create: boolean): Promise<SyncHandle | null> {
    try {
      const handle = await folder.getFileHandle(name, { create })
      return isWorkerHandle(handle) ? await handle.createSyncAccessHandle() : null
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return null
      throw error
    }
  }

  return {
    list: async () => {
      const names: string[] = []
      for await (const name of folder.keys()) names.push(name)
      return names
    },
    open: async name => {
      const handle = await openHandle(name, false)
      return handle === null ? null : fileOf(handle)
    },
    write: async (name, parts) => {
      const handle = await openHandle(name, true)
      if (handle === null) throw new Error('The browser has taken its private files away')
      try {
        handle.truncate(0)
        let at = 0
        for (const part of parts) at += handle.write(part, { at })
        handle.flush()
      } finally {
        handle.close()
      }
    },
    remove: async name => folder.removeEntry(name),
  }
}

function isWorkerHandle(handle: FileSystemFileHandle): handle is WorkerFileHandle {
  return 'createSyncAccessHandle' in handle
}

function fileOf(handle: SyncHandle): IndexFile {
  return {
    size: handle.getSize(),
    read: (at, length) => {
      const bytes = new Uint8Array(length)
      const read = handle.read(bytes, { at })
      return read < length ? bytes.subarray(0, read) : bytes
    },
    close: () => handle.close(),
  }
}
