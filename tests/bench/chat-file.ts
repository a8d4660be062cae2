import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { makeId } from '../../shared/ids.ts'
import { NO_RUN } from '../../shared/sync-row-defaults.ts'
import type { FileChat } from '../../shared/transfer/file-format.ts'
import { type ExportedMessage, toFileChat } from '../../shared/transfer/to-file-chat.ts'
import { writeJson } from '../../shared/transfer/write-json.ts'
import type { DataSet } from './data-set.ts'
import { createTextMaker } from './made-up-text.ts'
import { createRandom } from './random.ts'

const START_AT = Date.UTC(2025, 0, 1)
const MINUTE_MS = 60_000

/** Writes a file as an export of the product is; the same data set gives the same bytes. A message takes about a kilobyte. */
export async function writeChatFile(path: string, dataSet: DataSet): Promise<void> {
  await pipeline(Readable.from(writeJson(makeChats(dataSet))), createWriteStream(path))
}

async function* makeChats({ conversations, messagesEach, seed }: DataSet): AsyncGenerator<FileChat> {
  const random = createRandom(seed)
  const randomBytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256))
  const text = createTextMaker(seed + 1)
  for (let index = 0; index < conversations; index++) {
    const startedAt = START_AT + index * MINUTE_MS
    const conversation_id = makeId(startedAt, randomBytes)
    const messages: ExportedMessage[] = []
    for (let place = 0; place < messagesEach; place++) {
      const created_at = startedAt + place
      const id = makeId(created_at, randomBytes)
      const content = text.sentence(place % 2 === 0 ? 30 : 110)
      const parent_id = messages.at(-1)?.id ?? null
      const role = place % 2 === 0 ? 'user' : 'assistant'
      messages.push({ ...BLANK, id, conversation_id, parent_id, role, content, created_at })
    }
    const active_leaf_id = messages.at(-1)?.id ?? null
    const times = { created_at: startedAt, updated_at: startedAt + messagesEach }
    const title = text.sentence(4)
    yield toFileChat({ ...BLANK_CHAT, ...times, id: conversation_id, title, active_leaf_id }, messages)
  }
}

const BLANK_CHAT = {
  ...{ model: 'bench/model', system_prompt: null, params: {}, tags: [] },
  ...{ pinned_at: null, archived_at: null, deleted_at: null, rev: 0 },
} as const
const BLANK = { ...NO_RUN, attachments: [], status: 'complete', deleted_at: null, rev: 0 } as const
