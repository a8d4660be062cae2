/** One file of the index, open for reading. */
export interface IndexFile {
  readonly size: number
  /** The bytes from `at` on; fewer where the file ends before. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>
  close(): void
}

/** Where the index keeps its files. They are written whole and never changed. */
export interface IndexFiles {
  list(): Promise<readonly string[]>
  /** Null where there is no such file. */
  open(name: string): Promise<IndexFile | null>
  /** The file is on the disk when this resolves; one that stood there before is replaced. */
  write(name: string, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>
  remove(name: string): Promise<void>
}

/** A file in memory. */
export function memoryFile(bytes: Uint8Array<ArrayBuffer>): IndexFile {
  return {
    size: bytes.length,
    read: (at, length) => bytes.subarray(at, at + length),
    close: () => undefined,
  }
}
