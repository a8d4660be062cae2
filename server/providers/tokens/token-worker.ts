import { parentPort } from 'node:worker_threads'
import ranks from 'js-tiktoken/ranks/o200k_base'
import type { CountReply, CountRequest } from '#shared/count-messages.ts'
import { createTokenizer } from '#shared/tokenizer.ts'

// o200k_base serves gpt-4o and all later models, and is the nearest thing for everyone else's.
const tokenizer = createTokenizer(ranks)

parentPort?.on('message', ({ id, texts }: CountRequest) => {
  const reply: CountReply = { id, counts: texts.map(text => tokenizer.count(text)) }
  parentPort?.postMessage(reply)
})
