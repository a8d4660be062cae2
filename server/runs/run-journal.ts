import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Which runs have been taken to a provider, kept outside the database on purpose: a database that is put back from a
 * backup forgets its newest runs, and this file is what stops them from being asked, and paid for, a second time.
 */
export interface RunJournal {
  /** True when any attempt of the run was ever begun. */
  has(runId: string): boolean
  /** Resolves once the attempt is on the disk. Only then may the provider be called. */
  append(runId: string, attempt: number): Promise<void>
  close(): Promise<void>
}

/** Opens the journal and reads it; one line an attempt: `<run id> <attempt>`. A torn last line is read as far as it goes. */
export async function openRunJournal(path: string): Promise<RunJournal> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a+')
  const known = new Set<string>()
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const runId = line.split(' ')[0]
    if (runId) known.add(runId)
  }
  // A torn last line must not swallow the next one.
  let pending: string[] = ['\n']
  let lastFlush = Promise.resolve()
  let nextFlush: Promise<void> | null = null

  async function flush(): Promise<void> {
    const lines = pending
    pending = []
    nextFlush = null
    await file.write(lines.join(''))
    await file.datasync()
  }

  // Attempts that arrive while the disk is busy share the next flush; one that failed fails its own waiters only.
  function flushSoon(): Promise<void> {
    nextFlush ??= lastFlush.then(flush, flush)
    lastFlush = nextFlush
    return nextFlush
  }

  return {
    has: runId => known.has(runId),
    append: (runId, attempt) => {
      known.add(runId)
      pending.push(`${runId} ${attempt}\n`)
      return flushSoon()
    },
    close: () => file.close(),
  }
}
