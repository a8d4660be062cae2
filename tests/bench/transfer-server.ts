import { createWriteStream, openAsBlob } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'

export type PiFigures = {
  readonly seconds: number
  /** The most that the server held in memory at any time, all of it. */
  readonly megabytes: number
}

const LOOK_EVERY_MS = 100

/** `POST /api/import`, dry run left out. */
export function importToPi(pi: Child, path: string): Promise<PiFigures> {
  return watch(pi, async () => {
    const body = await openAsBlob(path)
    const response = await fetch(`${pi.url}/api/import`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    if (!response.ok) throw new Error(`The import was answered with ${response.status}: ${await response.text()}`)
    await response.json()
  })
}

/** `GET /api/export`, all of it. */
export function exportFromPi(pi: Child, savedTo: string): Promise<PiFigures> {
  return watch(pi, async () => {
    const { body } = await fetch(`${pi.url}/api/export`)
    await pipeline(body ?? [], createWriteStream(savedTo))
  })
}

async function watch(pi: Child, work: () => Promise<void>): Promise<PiFigures> {
  const life = new AbortController()
  let megabytes = 0
  const looking = (async () => {
    while (!life.signal.aborted) {
      megabytes = Math.max(megabytes, pi.residentMegabytes())
      await sleep(LOOK_EVERY_MS)
    }
  })()
  const startedAt = performance.now()
  await work()
  const seconds = (performance.now() - startedAt) / 1000
  life.abort()
  await looking
  return { seconds, megabytes }
}
