import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** Writes a file that only its owner may read, whole or not at all, and waits for the disk. */
export function writeSecret(path: string, text: string | Buffer): void {
  const unfinished = `${path}.new`
  // An old file would keep its own mode.
  rmSync(unfinished, { force: true })
  const descriptor = openSync(unfinished, 'wx', 0o600)
  try {
    writeSync(descriptor, text.toString())
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(unfinished, path)
}
