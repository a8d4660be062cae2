import { AppError } from '../../errors.ts'
import { createJsonSplitter, type JsonPiece } from './json-splitter.ts'

/** A value of a JSON document; `value` is undefined where it is larger than an import reads. */
export type JsonItem = {
  readonly key: string | null
  readonly isElement: boolean
  readonly value: unknown
  /** How long it is in the file. */
  readonly bytes: number
}

/** UTF-8 to text; throws for bytes that are not UTF-8. */
export type DecodeUtf8 = (bytes: Uint8Array) => string

/** The values of a JSON document, one after the other, while it comes. Throws AppError `bad-json`. */
export async function* readItems(
  chunks: AsyncIterable<Uint8Array>,
  wants: (key: string) => boolean,
  decode: DecodeUtf8,
): AsyncGenerator<JsonItem> {
  const splitter = createJsonSplitter(wants)
  for await (const chunk of chunks) {
    for (const piece of splitter.push(chunk)) yield parsePiece(piece, decode)
  }
  splitter.end()
}

function parsePiece({ key, isElement, bytes }: JsonPiece, decode: DecodeUtf8): JsonItem {
  if (bytes === null) return { key, isElement, value: undefined, bytes: 0 }
  try {
    return { key, isElement, value: JSON.parse(decode(bytes)), bytes: bytes.length }
  } catch (cause) {
    throw new AppError('bad-json', 'The file is not JSON in UTF-8.', { cause })
  }
}
