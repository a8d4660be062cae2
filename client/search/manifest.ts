import * as v from 'valibot'
import type { IndexFiles } from './index-files.ts'
import { checksum, INDEX_VERSION } from './segment-layout.ts'

/** How far the index has followed the database. */
export type Progress = {
  /** The database this is an index of: the browser may throw one away and make another. */
  readonly database: string
  /** The last entry of the database's change log that is in here. */
  readonly applied: number
  /** The conversation down to which everything was indexed at first, newest first; null when all is done. */
  readonly walkedTo: string | null
  /** True while there are older conversations that were never looked at. */
  readonly isWalking: boolean
}

/** What the index is made of at one moment. */
export type Manifest = {
  /** Counts up with each one that is written. */
  readonly serial: number
  readonly progress: Progress
  readonly segments: readonly StoredSegment[]
}

export type StoredSegment = {
  readonly name: string
  /** One bit for each document, set where it is not current any more. */
  readonly dead: Uint8Array<ArrayBuffer>
}

/** Written in turn, so that a crash while one is written leaves the other. */
const SLOTS = ['manifest-a', 'manifest-b'] as const

const headSchema = v.object({
  version: v.literal(INDEX_VERSION),
  serial: v.number(),
  progress: v.object({
    database: v.string(),
    applied: v.number(),
    walkedTo: v.nullable(v.string()),
    isWalking: v.boolean(),
  }),
  segments: v.array(v.object({ name: v.string(), deadBytes: v.number() })),
})

/** The newest manifest that is whole; null where there is none that this version can read. */
export async function readManifest(files: IndexFiles): Promise<Manifest | null> {
  let newest: Manifest | null = null
  for (const slot of SLOTS) {
    const manifest = await readSlot(files, slot)
    if (manifest !== null && (newest === null || manifest.serial > newest.serial)) newest = manifest
  }
  return newest
}

/** From here on the index is what this says, whatever happens next. */
export async function writeManifest(files: IndexFiles, { serial, progress, segments }: Manifest): Promise<void> {
  const head = JSON.stringify({
    version: INDEX_VERSION,
    serial,
    progress,
    segments: segments.map(({ name, dead }) => ({ name, deadBytes: dead.length })),
  })
  const text = new TextEncoder().encode(head)
  const sizes = [text.length, ...segments.map(({ dead }) => dead.length)]
  const length = Math.ceil(sizes.reduce((sum, size) => sum + size, 8) / 4) * 4
  const bytes = new Uint8Array(length)
  let at = 8
  for (const part of [text, ...segments.map(({ dead }) => dead)]) {
    bytes.set(part, at)
    at += part.length
  }
  new DataView(bytes.buffer).setUint32(4, text.length, true)
  new DataView(bytes.buffer).setUint32(0, checksum(bytes.subarray(4)), true)
  await files.write(SLOTS[serial % SLOTS.length] ?? SLOTS[0], [bytes])
}

export function isManifestName(name: string): boolean {
  return SLOTS.some(slot => slot === name)
}

async function readSlot(files: IndexFiles, slot: string): Promise<Manifest | null> {
  const file = await files.open(slot)
  if (file === null) return null
  const bytes = file.read(0, file.size).slice()
  file.close()
  if (bytes.length < 8) return null
  const view = new DataView(bytes.buffer)
  if (view.getUint32(0, true) !== checksum(bytes.subarray(4))) return null
  const textLength = view.getUint32(4, true)
  const head = v.safeParse(headSchema, parseJson(new TextDecoder().decode(bytes.subarray(8, 8 + textLength))))
  if (!head.success) return null
  let at = 8 + textLength
  const segments = head.output.segments.map(({ name, deadBytes }) => {
    at += deadBytes
    return { name, dead: bytes.slice(at - deadBytes, at) }
  })
  return { serial: head.output.serial, progress: head.output.progress, segments }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is no manifest of this version; the schema that follows says so.
    return undefined
  }
}
