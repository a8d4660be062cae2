import { AppError } from '#shared/errors.ts'
import { untoldRow } from '#shared/sync-overlay.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { type MemoryDisk, rowsOf } from '../../client/database/memory-disk.ts'
import { editLocally, type LocalEditor } from '../../client/sync/local-edit.ts'
import { makeRoom } from '../../client/sync/make-room.ts'
import { newId } from '../../client/sync/sync-meta.ts'
import { bringIn, type NewChat } from '../../client/sync/untold.ts'
import type { Act } from './schedule.ts'
import { PAUSE_MS, type VirtualTab } from './virtual-device.ts'

type Row = { readonly id: string; readonly purged: boolean; readonly [field: string]: unknown }

/** Every value that a check follows is unique and begins so. */
export const TRACKED = 'v:'

/** Does one act of a user on one tab. Resolves when it is on the disk. */
export async function actAsUser(tab: VirtualTab, disk: MemoryDisk, act: Act): Promise<void> {
  const value = `${TRACKED}${act.kind}-${act.at}-${act.device}-${act.choice}`
  const isUrgent = act.kind === 'ask' || act.kind === 'follow-up'
  const edit = async (): Promise<void> => {
    if (act.kind === 'import') await bringIn(tab.context, [chatOfFile(act.choice % FILES)])
    else await editLocally(tab.context, editor => perform(editor, { tab, disk, act, value }))
  }
  // As the page does: what somebody writes is worth more than what can be fetched again.
  await edit().catch(async (error: unknown) => {
    const isFull = error instanceof AppError && error.code === 'disk-full'
    if (!isFull || !(await makeRoom(tab.context, { sparedId: null, pauseMs: PAUSE_MS }))) throw error
    await edit()
  })
  if (tab.life.isAlive) tab.engine.edited({ isUrgent })
}

const FILES = 3
const FILE_TIME = Date.UTC(2025, 0, 1)

/** What a file holds is the same wherever it is brought in. */
function chatOfFile(file: number): NewChat {
  const id = (number: number): string => `0194${file}000-0000-7000-8000-00000000000${number}`
  const [chatId, firstId, secondId] = [id(0), id(1), id(2)]
  const message = (own: string, parent_id: string | null, role: string) =>
    untoldRow(messageRef(chatId, own), {
      ...{ conversation_id: chatId, parent_id, role, content: `${TRACKED}file-${file}-${role}` },
      ...{ created_at: FILE_TIME, device_id: null },
    })
  return {
    conversation: untoldRow(rowRef('conversations', chatId), {
      ...{ title: `${TRACKED}file-${file}`, active_leaf_id: secondId, 'tags/t1': true },
      ...{ created_at: FILE_TIME, updated_at: FILE_TIME },
    }),
    messages: [message(firstId, null, 'user'), message(secondId, firstId, 'assistant')],
  }
}

type Scene = { readonly tab: VirtualTab; readonly disk: MemoryDisk; readonly act: Act; readonly value: string }

async function perform(editor: LocalEditor, scene: Scene): Promise<void> {
  const { tab, disk, act, value } = scene
  const picked = pick(rowsOf(disk, 'conversations').filter(isLiving), act.choice)
  const conversation = rowRef('conversations', picked?.id ?? '')
  switch (act.kind) {
    case 'ask':
      return ask(editor, tab, value)
    case 'setting':
      return putOrSet(editor, { kind: 'settings', id: `theme${act.choice % 2}`, values: { value } })
    case 'persona':
      return putOrSet(editor, { kind: 'personas', id: personaId(act.choice), values: { name: value } })
    case 'cancel': {
      const run = pick(rowsOf(disk, 'messages').filter(isLiving).filter(isUnfinished), act.choice)
      if (typeof run?.['run_id'] === 'string') await editor.cancelRun(run['run_id'])
      return
    }
    default:
  }
  if (picked === null) return
  switch (act.kind) {
    case 'rename':
      return void (await editor.set(conversation, { title: value, updated_at: tab.context.clock.now() }))
    case 'instruct':
      return void (await editor.set(conversation, { system_prompt: value }))
    case 'tag':
      return void (await editor.set(conversation, { [`tags/t${act.choice % 3}`]: act.choice % 2 === 0 }))
    case 'trash':
      return void (await editor.set(conversation, { deleted_at: tab.context.clock.now() }))
    case 'untrash':
      return void (await editor.set(conversation, { deleted_at: null }))
    case 'purge':
      return editor.purge(conversation)
    case 'follow-up':
      return followUp(editor, { ...scene, conversationId: picked.id })
    default:
  }
}

async function ask(editor: LocalEditor, tab: VirtualTab, value: string): Promise<void> {
  const [conversationId, questionId] = [newId(tab.context), newId(tab.context)]
  await editor.put(rowRef('conversations', conversationId), { title: value, model: 'fake/one' })
  await prompt(editor, tab, { conversationId, questionId, parentId: null, value })
}

async function followUp(editor: LocalEditor, scene: Scene & { readonly conversationId: string }): Promise<void> {
  const { tab, disk, act, value, conversationId } = scene
  const parent = pick(
    rowsOf(disk, 'messages')
      .filter(isLiving)
      .filter(row => row['conversation_id'] === conversationId && row['role'] === 'assistant'),
    act.choice,
  )
  const questionId = newId(tab.context)
  await prompt(editor, tab, { conversationId, questionId, parentId: parent?.id ?? null, value })
}

async function prompt(
  editor: LocalEditor,
  tab: VirtualTab,
  asked: { conversationId: string; questionId: string; parentId: string | null; value: string },
): Promise<void> {
  const { conversationId, questionId, parentId, value } = asked
  const [runId, answerId] = [newId(tab.context), newId(tab.context)]
  const question = { conversation_id: conversationId, parent_id: parentId, role: 'user', content: value }
  await editor.put(messageRef(conversationId, questionId), question)
  await editor.startRun({
    id: runId,
    conversation_id: conversationId,
    user_message_id: questionId,
    message_id: answerId,
    model: 'fake/one',
  })
  const updated_at = tab.context.clock.now()
  await editor.set(rowRef('conversations', conversationId), { active_leaf_id: answerId, updated_at })
}

async function putOrSet(
  editor: LocalEditor,
  change: { readonly kind: 'settings' | 'personas'; readonly id: string; readonly values: Record<string, unknown> },
): Promise<void> {
  const ref = rowRef(change.kind, change.id)
  const row = await editor.read(ref)
  if (row === null) await editor.put(ref, change.values)
  else await editor.set(ref, change.values)
}

function personaId(choice: number): string {
  return `00000000-0000-7000-8000-00000000000${choice % 2}`
}

function isUnfinished(row: Row): boolean {
  return row['status'] === 'queued' || row['status'] === 'streaming'
}

function isLiving(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && 'purged' in row && row.purged === false
}

function pick<Item>(items: readonly Item[], choice: number): Item | null {
  return items[choice % Math.max(1, items.length)] ?? null
}
