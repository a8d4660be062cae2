import * as v from 'valibot'
import { bootSchema, parseRowsPage, parseSyncPage } from '#shared/wire/sync.ts'
import type { SyncFailure, SyncNet, SyncOutcome } from '../../client/sync/ports.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import type { VirtualCall, VirtualReply, VirtualServer } from './virtual-server.ts'
import type { Life, VirtualTime } from './virtual-time.ts'

/** How bad a line is, each as a chance from 0 to 1. */
export type LineFaults = {
  readonly drop: number
  readonly duplicate: number
  readonly truncate: number
  readonly longestDelayMs: number
}

/** The line of one device; its owner changes it while the world runs. */
export type VirtualLine = { isOnline: boolean; isPortal: boolean; calls: number }

type NetOptions = {
  readonly time: VirtualTime
  readonly server: VirtualServer
  readonly line: VirtualLine
  readonly faults: () => LineFaults
  readonly seed: number
  readonly life: Life
}

const TIMEOUT_MS = 20_000
const PORTAL_PAGE = '<!doctype html><title>Welcome to the hotel</title>'

/** The server behind a line that drops, doubles, delays, reorders and cuts. */
export function createVirtualNet(options: NetOptions): SyncNet {
  const random = seededRandom(options.seed)

  async function exchange<Page>(call: VirtualCall, read: (text: string) => Page | null): Promise<SyncOutcome<Page>> {
    const text = await send(options, random, call)
    if (text === null) return { kind: 'offline' }
    if (typeof text !== 'string') return text
    const page = read(text)
    return page === null ? { kind: 'broken' } : { kind: 'page', page }
  }

  return {
    sync: request => exchange({ to: 'sync', body: JSON.stringify(request) }, parseSyncPage),
    boot: () => exchange({ to: 'boot' }, readBoot),
    conversationRows: before => exchange({ to: 'rows', kind: 'conversations', before }, parseRowsPage),
    kindRows: (kind, before) => exchange({ to: 'rows', kind, before }, parseRowsPage),
    messageRows: (conversations, after) => exchange({ to: 'messages', conversations, after }, parseRowsPage),
  }
}

function readBoot(text: string): v.InferOutput<typeof bootSchema> | null {
  try {
    return v.parse(bootSchema, JSON.parse(text))
  } catch {
    return null
  }
}

/** The text of the first reply, a refusal, or null when none came. A request may reach the server twice. */
function send(options: NetOptions, random: () => number, call: VirtualCall): Promise<string | SyncFailure | null> {
  const { time, server, line, life } = options
  const faults = options.faults()
  const delay = (): number => Math.round(5 + random() * random() * faults.longestDelayMs)
  line.calls += 1
  return new Promise(resolve => {
    let giveUp = (): void => undefined
    const finish = (outcome: string | SyncFailure | null): void => {
      giveUp()
      if (life.isAlive) resolve(outcome)
    }
    if (!line.isOnline) {
      time.after(1, () => finish(null))
      return
    }
    if (line.isPortal) {
      time.after(delay(), () => finish(PORTAL_PAGE))
      return
    }
    giveUp = time.after(TIMEOUT_MS, () => finish(null))
    const copies = random() < faults.duplicate ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const isLost = random() < faults.drop
      const isReplyLost = random() < faults.drop
      const cut = random() < faults.truncate ? random() : null
      const [there, back] = [delay(), delay()]
      if (isLost) continue
      time.after(there, () => {
        const reply = server.answer(call)
        if (reply === null || isReplyLost) return
        time.after(back, () => finish(arrived(reply, cut)))
      })
    }
  })
}

function arrived(reply: VirtualReply, cut: number | null): string | SyncFailure {
  switch (reply.kind) {
    case 'text':
      return cut === null ? reply.text : reply.text.slice(0, Math.floor(reply.text.length * cut))
    case 'fork':
      return { kind: 'fork', epoch: reply.epoch, policy: reply.policy }
    case 'gap':
      return { kind: 'gap' }
    case 'device-cloned':
      return { kind: 'cloned' }
    case 'schema-too-new':
      return { kind: 'too-new' }
    case 'upgrade-required':
      return { kind: 'upgrade' }
    case 'refused':
      return { kind: 'refused', error: reply.error }
    default:
      return reply satisfies never
  }
}
