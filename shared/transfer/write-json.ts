import type { UsageLog } from '../records.ts'
import { FILE_FORMAT, FILE_VERSION, type FileChat } from './file-format.ts'

type Chats = AsyncIterable<FileChat>

/**
 * Our own format, piece by piece: one JSON document, a line for each message, so that it can be read as a whole by any tool and
 * piece by piece by ours. It holds neither the time it was made nor anything else that a second export would not say again.
 * `usage` stands behind the conversations for information; an import leaves it out, for a ledger is made by calls alone.
 */
export async function* writeJson(chats: Chats, usage?: AsyncIterable<UsageLog>): AsyncGenerator<string> {
  yield `{"format":${JSON.stringify(FILE_FORMAT)},"version":${FILE_VERSION},"conversations":[`
  let separator = '\n'
  for await (const chat of chats) {
    yield separator + chatText(chat)
    separator = ',\n'
  }
  yield '\n]'
  if (usage !== undefined) yield* writeUsage(usage)
  yield '}\n'
}

function chatText({ messages, ...conversation }: FileChat): string {
  const head = JSON.stringify(conversation).slice(0, -1)
  const lines = messages.map(message => `\n${JSON.stringify(message)}`)
  return `${head},"messages":[${lines.join(',')}${lines.length === 0 ? '' : '\n'}]}`
}

async function* writeUsage(usage: AsyncIterable<UsageLog>): AsyncGenerator<string> {
  yield ',"usage":['
  let separator = '\n'
  for await (const call of usage) {
    yield separator + JSON.stringify(call)
    separator = ',\n'
  }
  yield '\n]'
}
