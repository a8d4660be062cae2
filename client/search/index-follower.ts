import type { IndexFiles } from './index-files.ts'
import type { Progress } from './manifest.ts'
import type { MessageSource, SourceChange } from './message-source.ts'
import { openSearchIndex, type SearchIndex } from './search-index.ts'
import { createSegmentBuilder } from './segment-builder.ts'

export type FollowerOptions = {
  readonly alive: AbortSignal
  readonly files: IndexFiles
  readonly source: MessageSource
  /** Lets other work come first; false once there is nothing more to do here. */
  readonly pause: () => Promise<boolean>
  /** Whether something is writing that the index should not follow before it is done. */
  readonly isBusy: () => Promise<boolean>
  readonly wait: (milliseconds: number) => Promise<void>
  /** Conversations whose own row may have changed; what is found in them is told once this resolves. */
  readonly onConversations: (ids: readonly string[]) => Promise<void>
  /** The share of this device's messages that is in the index, 0 to 1. */
  readonly onShare: (share: number) => void
}

export interface IndexFollower {
  readonly index: SearchIndex
  /** Brings the index up to what the database holds now. One call at a time. */
  catchUp(): Promise<void>
}

const CHANGES_AT_ONCE = 50
const CONVERSATIONS_AT_ONCE = 50
/** One change may name hundreds of messages: their texts need not be in memory together. */
const MESSAGES_AT_ONCE = 250
/** Words of a segment that is built while everything is read for the first time: it takes about thirty megabytes of memory. */
const TOKENS_A_SEGMENT = 2_000_000
/** Entries that are kept behind: other pages without shared files follow the log by themselves. */
const KEPT_CHANGES = 2000
const BUSY_MS = 2000

/** Opens the index and follows the database; what is stored of another database, or too old to be brought up, is thrown away. */
export async function followDatabase(options: FollowerOptions): Promise<IndexFollower> {
  const { files, source, alive } = options
  const index = await openSearchIndex(files)
  let progress = index.progress ?? (await beginning(source))
  if (!(await isUsable(progress, source))) {
    index.removeConversations('', '\uffff')
    progress = await beginning(source)
  }
  let isVerified = false
  let builder = createSegmentBuilder()
  let walkedTo = progress.walkedTo
  let isWalking = progress.isWalking

  /** Makes findable what was read last. It must not come after a newer version that the log brings. */
  async function flush(): Promise<void> {
    index.add(builder)
    builder = createSegmentBuilder()
    progress = { ...progress, walkedTo, isWalking }
    await index.save(progress)
  }

  async function applyLog(): Promise<boolean> {
    const changes = await source.changesAfter(progress.applied, CHANGES_AT_ONCE)
    const last = changes.at(-1)
    if (last === undefined) return false
    await flush()
    await apply(index, source, changes)
    const conversations = new Set(changes.flatMap(change => change.conversations))
    if (conversations.size > 0) await options.onConversations([...conversations])
    progress = { ...progress, applied: last.n }
    await index.save(progress)
    await source.forgetChanges(last.n - KEPT_CHANGES)
    if (changes.length === CHANGES_AT_ONCE) await tellShare()
    return true
  }

  async function walk(): Promise<void> {
    const ids = await source.conversationsBelow(walkedTo, CONVERSATIONS_AT_ONCE)
    const [highest, lowest] = [ids[0], ids.at(-1)]
    if (highest !== undefined && lowest !== undefined) {
      for (const message of await source.messagesBetween(lowest, highest)) builder.add(message)
      // The log up to where the walk began is passed over, and with it what it says of them.
      await options.onConversations(ids)
      walkedTo = lowest
    }
    isWalking = ids.length > 0
    if (isWalking && builder.tokens < TOKENS_A_SEGMENT) return
    await flush()
    await tellShare()
  }

  async function tellShare(): Promise<void> {
    const total = await source.countMessages()
    options.onShare(total === 0 ? 1 : Math.min(1, index.messages / total))
  }

  /** An import and its index at once would need the memory of both, and each would slow the other. */
  async function pause(): Promise<boolean> {
    while (!alive.aborted && (await options.isBusy())) {
      await tellShare()
      await options.wait(BUSY_MS)
    }
    return options.pause()
  }

  async function catchUp(): Promise<void> {
    if (isWalking) options.onShare(0)
    while (await pause()) {
      if (await applyLog()) continue
      if (!isWalking) break
      await walk()
    }
    if (alive.aborted) return
    options.onShare(1)
    const before = index.segments
    await index.tidy(pause)
    if (index.segments !== before && !alive.aborted) await index.save(progress)
    await verifyOnce()
  }

  async function verifyOnce(): Promise<void> {
    if (isVerified || alive.aborted) return
    isVerified = true
    if (await index.verify(pause)) return
    // What the disk has lost, the database still has.
    index.removeConversations('', '\uffff')
    progress = await beginning(source)
    ;({ walkedTo, isWalking } = progress)
    await catchUp()
  }

  return { index, catchUp }
}

/** Where an index begins that holds nothing: the log so far is in what will be read. */
async function beginning(source: MessageSource): Promise<Progress> {
  const { last } = await source.logEnds()
  return { database: await source.id(), applied: last, walkedTo: null, isWalking: true }
}

async function isUsable(progress: Progress, source: MessageSource): Promise<boolean> {
  const { first, last } = await source.logEnds()
  const isWhole = progress.applied >= first - 1 && progress.applied <= Math.max(last, progress.applied)
  return progress.database === (await source.id()) && isWhole
}

async function apply(index: SearchIndex, source: MessageSource, changes: readonly SourceChange[]): Promise<void> {
  const builder = createSegmentBuilder()
  const keys = new Map(changes.flatMap(change => change.messages).map(key => [key[1], key]))
  index.removeMessages([...keys.keys()])
  for (const [from, to] of changes.flatMap(change => change.emptied)) {
    index.removeConversations(from, to)
    // Something may have been written there again since.
    for (const message of await source.messagesBetween(from, to)) builder.add(message)
  }
  const all = [...keys.values()]
  for (let from = 0; from < all.length; from += MESSAGES_AT_ONCE) {
    for (const message of await source.messages(all.slice(from, from + MESSAGES_AT_ONCE))) builder.add(message)
  }
  index.add(builder)
}
