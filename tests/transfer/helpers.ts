import type { FileChat } from '#shared/transfer/file-format.ts'
import type { ImportFile } from '#shared/transfer/import/import-limits.ts'
import { writeJson } from '#shared/transfer/write-json.ts'

/** A value, a text or bytes as a file; read in pieces of `chunkBytes`, so that every border falls somewhere. */
export function fileOf(content: unknown, { name = 'file.json', chunkBytes = 64 * 1024 } = {}): ImportFile {
  const bytes =
    content instanceof Uint8Array
      ? content
      : new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content))
  return {
    name,
    size: bytes.length,
    async *read(start, end) {
      for (let index = start; index < end; index += chunkBytes)
        yield bytes.slice(index, Math.min(end, index + chunkBytes))
    },
  }
}

export const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

/** Everything that comes, as one list. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

async function* stream<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items
}

/** Chats as the text of a file of our own. */
export async function jsonOf(chats: readonly FileChat[]): Promise<string> {
  return (await collect(writeJson(stream(chats)))).join('')
}
