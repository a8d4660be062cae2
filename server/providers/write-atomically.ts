import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Replaces a file's text in one step: a reader sees the old text or the new, never a half. One writer a path at a time. It is
 * for what can be made again, so it does not wait for the disk.
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.tmp`
  await writeFile(unfinished, text)
  await rename(unfinished, path)
}
