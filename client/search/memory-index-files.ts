import { type IndexFiles, memoryFile } from './index-files.ts'

/** Files that end with the page: for browsers that have no private files for this origin. */
export function createMemoryIndexFiles(): IndexFiles {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    list: async () => [...files.keys()],
    open: async name => {
      const bytes = files.get(name)
      return bytes === undefined ? null : memoryFile(bytes)
    },
    write: async (name, parts) => {
      files.set(name, new Uint8Array(await new Blob([...parts]).arrayBuffer()))
    },
    remove: async name => {
      files.delete(name)
    },
  }
}
