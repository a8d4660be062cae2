import { expect, test } from 'vitest'
import { makeId } from '#shared/ids.ts'
import { DEVICE_RULES } from '#shared/sync-device-rules.ts'
import { messageRef, rowRef } from '#shared/sync-row.ts'
import { setDeleted } from '../../../client/actions/delete-branch.ts'
import { createMemoryDisk } from '../../../client/database/memory-disk.ts'
import { openMemoryStore } from '../../../client/database/memory-store.ts'
import { parseMessageRow } from '../../../client/device/parse.ts'
import { indexedMessageOf } from '../../../client/search/parse.ts'
import { editLocally } from '../../../client/sync/local-edit.ts'
import { REAL_TURNS } from '../../helpers/real-turns.ts'
import { seededBytes } from '../../sync/random-source.ts'

test('a branch is gone message by message, so that search finds none of it, and comes back whole', async () => {
  const [now, randomBytes] = [1_700_000_000_000, seededBytes(1)]
  const store = openMemoryStore(createMemoryDisk(), REAL_TURNS)
  const context = { store, clock: { now: () => now }, randomBytes, rules: DEVICE_RULES }
  const ids = Array.from({ length: 4 }, () => makeId(now, randomBytes))
  const [chat = '', ...messages] = ids
  await editLocally(context, async editor => {
    await editor.put(rowRef('conversations', chat), { title: 'Deep' })
    for (const [index, id] of messages.entries()) {
      const values = {
        conversation_id: chat,
        parent_id: messages[index - 1] ?? null,
        role: 'user',
        content: `said ${index}`,
      }
      await editor.put(messageRef(chat, id), values)
    }
  })
  const rows = () => store.transaction('read', tables => tables.messages.range({}))
  const found = async () => (await rows()).flatMap(row => indexedMessageOf(row, () => false)?.words.at(-1) ?? []).sort()
  const branch = (await rows()).flatMap(row => parseMessageRow(row) ?? []).filter(({ id }) => id !== messages[0])

  await editLocally(context, editor => setDeleted(editor, branch, now))
  const left = await found()
  await editLocally(context, editor => setDeleted(editor, branch, null))

  expect(left).toEqual(['0'])
  expect(await found()).toEqual(['0', '1', '2'])
})
