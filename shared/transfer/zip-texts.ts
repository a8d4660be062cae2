import { strToU8, Zip, ZipDeflate } from 'fflate'

export type TextFile = { readonly name: string; readonly text: string; readonly modifiedMs: number }

/** ZIP counts years from 1980, and can count no further than 2107. */
const [FIRST_MS, LAST_MS] = [Date.UTC(1980, 0, 2), Date.UTC(2099, 11, 31)]

/** A ZIP archive of texts, piece by piece, one file in memory at a time. */
export async function* zipTexts(files: AsyncIterable<TextFile>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    ready.push(piece)
  })
  for await (const { name, text, modifiedMs } of files) {
    const entry = new ZipDeflate(name, { level: 6 })
    entry.mtime = Math.min(Math.max(modifiedMs, FIRST_MS), LAST_MS)
    zip.add(entry)
    entry.push(strToU8(text), true)
    yield* ready.splice(0)
  }
  zip.end()
  yield* ready.splice(0)
}
