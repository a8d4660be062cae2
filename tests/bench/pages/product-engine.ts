import { openOpfsIndexFiles } from '../../../client/search/opfs-index-files.ts'
import { openSearchIndex } from '../../../client/search/search-index.ts'
import { createSegmentBuilder } from '../../../client/search/segment-builder.ts'
import { wordsOf } from '../../../shared/search-text.ts'
import type { SearchEngine } from './search-engine.ts'

/** As the follower has it. */
const TOKENS_A_SEGMENT = 2_000_000
const PROGRESS = { database: 'bench', applied: 0, walkedTo: null, isWalking: false }

/** The product's own index, on the product's own files. */
export async function openProduct(): Promise<SearchEngine> {
  const files = await openOpfsIndexFiles(navigator.storage)
  if (files === null) throw new Error('This browser has no private files')
  const index = await openSearchIndex(files)
  let builder = createSegmentBuilder()
  const flush = async (): Promise<void> => {
    index.add(builder)
    builder = createSegmentBuilder()
    await index.save(PROGRESS)
  }
  return {
    async add(docs) {
      for (const { id, at, text } of docs) {
        const facts = { role: 'user', model: null, hasCode: false, hasImage: false } as const
        const place = { id: idOf(id), conversationId: idOf(Math.floor(id / 20)), createdAtMs: at }
        builder.add({ ...place, ...facts, words: wordsOf(text) })
      }
      if (docs.length === 1) index.add(builder)
      if (docs.length === 1) builder = createSegmentBuilder()
      else if (builder.tokens > TOKENS_A_SEGMENT) await flush()
    },
    async finish() {
      await flush()
      await index.tidy(async () => true)
      await index.save(PROGRESS)
      return index.bytes
    },
    reopen: async () => undefined,
    find({ kind, words, isPrefix, isPhrase }) {
      const parts = isPhrase ? [{ words, isPrefix }] : words.map(word => ({ words: [word], isPrefix }))
      let found = 0
      for (const message of index.find({ parts, without: [], isInside: kind === 'inside words' })) {
        message.facts()
        if (++found === 50) break
      }
      return found
    },
    kinds: ['common word', 'rare word', 'two words', 'phrase', 'beginning', 'unspaced script', 'inside words'],
  }
}

function idOf(number: number): string {
  return `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}
