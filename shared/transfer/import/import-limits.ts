const MEBIBYTE = 1024 * 1024

/** What an import reads at most. The sizes count what is unpacked, whatever an archive says of itself. */
export const IMPORT_LIMITS = {
  /** Entries of one archive. */
  entries: 10_000,
  /** One conversation, and any file that is read as a whole. Lists of conversations are read piece by piece and may be longer. */
  valueBytes: 50 * MEBIBYTE,
  /** All that is read of one import. */
  totalBytes: 500 * MEBIBYTE,
  /** Unpacked to packed, of one entry. */
  ratio: 100,
  /** Nesting of JSON. */
  depth: 100,
  /** The same of a list of messages that hang in each other, two levels a message. */
  treeDepth: 2000,
} as const

/** A file somebody chose, dropped, pasted or sent. */
export type ImportFile = {
  readonly name: string
  readonly size: number
  /** The bytes from `start` up to `end`, in pieces. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}
