import ranks from 'js-tiktoken/ranks/o200k_base'
import type { CountReply, CountRequest } from '#shared/count-messages.ts'
import { createTokenizer } from '#shared/tokenizer.ts'

// The vocabulary is most of this script, and some 150 MB once it is laid out: the page starts it late and ends it soon.
const tokenizer = createTokenizer(ranks)

self.addEventListener('message', ({ data }: MessageEvent<CountRequest>) => {
  const reply: CountReply = { id: data.id, counts: data.texts.map(text => tokenizer.count(text)) }
  self.postMessage(reply)
})
