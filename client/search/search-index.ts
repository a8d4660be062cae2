import { type FoundMessage, findInParts } from './find-in-parts.ts'
import { ID_BYTES, writeId } from './id-bytes.ts'
import { type IndexFiles, memoryFile } from './index-files.ts'
import { chooseMerge, isDead, kill, newPart, type Part, storedPart } from './index-part.ts'
import { isManifestName, type Progress, readManifest, type StoredSegment, writeManifest } from './manifest.ts'
import type { WordQuery } from './match-docs.ts'
import { mergeSegments } from './merge-segments.ts'
import { openSegment } from './segment.ts'
import type { SegmentBuilder } from './segment-builder.ts'

/** The index of all messages of this device. */
export interface SearchIndex {
  /** How many messages it finds. */
  readonly messages: number
  readonly bytes: number
  readonly segments: number
  readonly progress: Progress | null
  /** Takes messages in, in place of earlier versions; they are found from now on, and kept from the next `save` on. */
  add(builder: SegmentBuilder): void
  removeMessages(ids: readonly string[]): void
  /** Takes out the messages of conversations with ids from `from` to `to`. */
  removeConversations(from: string, to: string): void
  /** Messages that match, newest first. */
  find(query: WordQuery): Generator<FoundMessage>
  /** Puts on the disk what is here, and how far the database is in it. */
  save(progress: Progress): Promise<void>
  /** Makes few segments of many. Ends early once it is called off. */
  tidy(pause: () => Promise<boolean>): Promise<void>
  /** False when what is on the disk is not what was written. */
  verify(pause: () => Promise<boolean>): Promise<boolean>
  close(): void
}

const SEGMENT_NAME = /^segment-(\d+)$/

/** Opens what is on the disk; what is damaged or of another version is thrown away, and `progress` is null then. */
export async function openSearchIndex(files: IndexFiles): Promise<SearchIndex> {
  const manifest = await readManifest(files)
  const stored = manifest === null ? null : await openParts(files, manifest.segments)
  let parts = stored ?? []
  let progress = stored === null ? null : (manifest?.progress ?? null)
  let serial = manifest?.serial ?? 0
  const names = await files.list()
  let nextNumber = 1 + Math.max(0, ...names.map(name => Number(SEGMENT_NAME.exec(name)?.[1] ?? 0)))
  await removeUnused(files, parts)

  function removeMessages(ids: Iterable<string>): void {
    const bytes = new Uint8Array(ID_BYTES)
    for (const id of ids) {
      writeId(bytes, 0, id)
      for (const part of parts) {
        const doc = part.segment.find(bytes)
        if (doc >= 0) kill(part, doc)
      }
    }
  }

  function push(bytes: Uint8Array<ArrayBuffer>): Part {
    const segment = openSegment(memoryFile(bytes))
    if (segment === null) throw new Error('A segment that was just built cannot be read')
    const part = newPart(segment)
    parts.push(part)
    return part
  }

  async function merge(sources: readonly Part[], pause: () => Promise<boolean>): Promise<boolean> {
    const steps = mergeSegments(sources.map(part => ({ segment: part.segment, isDead: doc => isDead(part, doc) })))
    let step = steps.next()
    while (step.done !== true) {
      if (!(await pause())) return false
      step = steps.next()
    }
    const { bytes, moves } = step.value
    const merged = push(bytes)
    // What was changed while the work was done is not current in the new segment either.
    for (const [source, part] of sources.entries()) {
      for (const [doc, moved] of (moves[source] ?? []).entries())
        if (moved >= 0 && isDead(part, doc)) kill(merged, moved)
      part.segment.close()
    }
    parts = parts.filter(part => !sources.includes(part))
    return true
  }

  return {
    get messages() {
      return parts.reduce((sum, { segment, deadCount }) => sum + segment.docs - deadCount, 0)
    },
    get bytes() {
      return parts.reduce((sum, { segment }) => sum + segment.bytes, 0)
    },
    get segments() {
      return parts.length
    },
    get progress() {
      return progress
    },
    add(builder) {
      if (builder.messages === 0) return
      removeMessages(builder.ids())
      push(builder.build())
    },
    removeMessages,
    removeConversations(from, to) {
      for (const part of parts) {
        const { segment } = part
        const gone = Array.from({ length: segment.conversations }, (_, place) => segment.conversationId(place))
        const isGone = gone.map(id => id >= from && id <= to)
        if (!isGone.includes(true)) continue
        for (let doc = 0; doc < segment.docs; doc++) if (isGone[segment.conversationOf(doc)] === true) kill(part, doc)
      }
    },
    find: query => findInParts(parts, query),
    async save(next) {
      const saved = [...parts]
      for (const part of saved) {
        if (part.name !== null) continue
        const name = `segment-${nextNumber++}`
        await files.write(name, [part.segment.read()])
        const file = await files.open(name)
        const segment = file === null ? null : openSegment(file)
        if (segment === null) throw new Error('A segment that was just written cannot be read')
        part.segment = segment
        part.name = name
      }
      const segments = saved.map(({ name, dead }) => ({ name: name ?? '', dead: dead.slice() }))
      await writeManifest(files, { serial: ++serial, progress: next, segments })
      progress = next
      await removeUnused(files, parts)
    },
    async tidy(pause) {
      for (let sources = chooseMerge(parts); sources.length > 0; sources = chooseMerge(parts)) {
        if (!(await merge(sources, pause))) return
      }
    },
    async verify(pause) {
      for (const { segment } of [...parts]) {
        const steps = segment.verify()
        let step = steps.next()
        while (step.done !== true) {
          if (!(await pause())) return true
          step = steps.next()
        }
        if (!step.value) return false
      }
      return true
    },
    close() {
      closeAll(parts)
      parts = []
    },
  }
}

/** A file that no manifest names is what a crash or a merge has left. */
async function removeUnused(files: IndexFiles, parts: readonly Part[]): Promise<void> {
  for (const name of await files.list()) {
    if (!isManifestName(name) && !parts.some(part => part.name === name)) await files.remove(name)
  }
}

/** All segments that a manifest names; null when one of them is not as it was written. */
async function openParts(files: IndexFiles, segments: readonly StoredSegment[]): Promise<Part[] | null> {
  const parts: Part[] = []
  try {
    for (const { name, dead } of segments) {
      const file = await files.open(name)
      const segment = file === null ? null : openSegment(file)
      if (segment === null) file?.close()
      const part = segment === null ? null : storedPart(segment, name, dead)
      if (part === null) {
        segment?.close()
        closeAll(parts)
        return null
      }
      parts.push(part)
    }
    return parts
  } catch (error) {
    // Another worker may hold the files; those that were opened must not be held by nobody.
    closeAll(parts)
    throw error
  }
}

function closeAll(parts: readonly Part[]): void {
  for (const { segment } of parts) segment.close()
}
