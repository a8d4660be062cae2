import type { ImportFile } from '#shared/transfer/import/import-limits.ts'
import { createReportKeeper, type ImportReport } from '#shared/transfer/import/import-report.ts'
import { type ImportFind, readImport } from '#shared/transfer/import/read-import.ts'
import type { LocalDatabase } from '../database/local-database.ts'
import { newId, type SyncContext } from '../sync/sync-meta.ts'
import { settle } from '../sync/untold.ts'
import { type ImportHead, type ImportPart, listImports } from './import-record.ts'
import { type DeviceStep, planChats } from './plan-chats.ts'
import type { ImportResult } from './transfer-messages.ts'
import { writeSteps } from './write-steps.ts'

type FoundChat = Extract<ImportFind, { kind: 'chat' }>

export type ImportPorts = {
  readonly database: LocalDatabase
  readonly context: SyncContext
  readonly onProgress: (chats: number) => void
}

/** Chats that are planned and written together, by the number of their messages: about what one transaction takes. */
const GROUP_MESSAGES = 500

/** Reads the files and tells what bringing them in would do. */
export async function tryImport(files: readonly ImportFile[], ports: ImportPorts): Promise<ImportReport> {
  return readAll(files, ports, null)
}

/**
 * Brings in what is missing on this device; the sync carries it on. What each part makes is recorded before it is made,
 * so that one undo takes back all of it, also where the import was cut off.
 */
export async function importChats(files: readonly ImportFile[], ports: ImportPorts): Promise<ImportResult> {
  const { database, context } = ports
  const id = newId(context)
  const name = files.map(file => file.name).join(', ')
  const started_at = context.clock.now()
  const head: ImportHead = { id, part: 0, name, started_at, finished_at: null, undo_at: null, is_undone: false }
  await database.imports.put(head)
  let part = 0
  const report = await readAll(files, ports, async steps => {
    part++
    await database.imports.put(partOf(id, part, steps))
    await writeSteps(context, steps)
  })
  await settle(context)
  await database.imports.put({ ...head, finished_at: context.clock.now() })
  return { batchId: id, report }
}

async function readAll(
  files: readonly ImportFile[],
  { database, context, onProgress }: ImportPorts,
  apply: ((steps: readonly DeviceStep[]) => Promise<void>) | null,
): Promise<ImportReport> {
  const keeper = createReportKeeper()
  const undoTimes = new Set((await listImports(database)).flatMap(({ undo_at }) => undo_at ?? []))
  const options = { decode: decodeUtf8, nowMs: context.clock.now() }
  const finds = readImport(files, options)
  let chats = 0

  async function nextGroup(): Promise<readonly FoundChat[]> {
    const group: FoundChat[] = []
    let messages = 0
    while (messages < GROUP_MESSAGES) {
      const { value: find, done } = await finds.next()
      if (done) break
      keeper.skipped(find.skipped)
      if (find.source !== null) keeper.foundSource(find.source)
      if (find.kind !== 'chat') continue
      group.push(find)
      messages += find.chat.messages.length + 1
    }
    return group
  }

  async function take(group: readonly FoundChat[]): Promise<void> {
    const found = group.map(({ chat }) => chat)
    const steps = await context.store.transaction('read', tables => planChats(tables, found, undoTimes))
    for (const [index, step] of steps.entries()) keeper.planned(reported(step), group[index]?.missing ?? 0)
    const doing = steps.filter(step => step.plan.kind !== 'unchanged')
    if (apply !== null && doing.length > 0) await apply(doing)
    chats += group.length
    onProgress(chats)
  }

  // The next group is read while one is written, and no further: a file is read faster than a browser stores it.
  for (let group = await nextGroup(); group.length > 0; ) [group] = await Promise.all([nextGroup(), take(group)])
  return keeper.report()
}

/** What comes back out of the trash is new to whoever looks for it. */
function reported({ plan, back }: DeviceStep): DeviceStep['plan'] {
  if (back.length === 0) return plan
  const returning = new Set(back.map(({ id }) => id))
  const fresh = new Set(plan.newMessages.map(({ id }) => id))
  const isBack = returning.has(plan.chat.id)
  const newMessages = plan.chat.messages.filter(({ id }) => isBack || fresh.has(id) || returning.has(id))
  return { ...plan, newMessages }
}

function partOf(id: string, part: number, steps: readonly DeviceStep[]): ImportPart {
  return {
    id,
    part,
    created: steps.flatMap(({ plan }) => (plan.kind === 'new' ? [plan.chat.id] : [])),
    grown: steps.flatMap(({ plan, back, leafBefore }) => {
      if (plan.kind !== 'grown') return []
      const messages = [...plan.newMessages, ...back].map(message => message.id)
      return [{ id: plan.chat.id, messages, leaf_before: leafBefore }]
    }),
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
