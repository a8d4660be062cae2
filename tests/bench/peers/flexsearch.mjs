import { Index } from 'flexsearch'
import { readText, writeText } from './files.mjs'

/** FlexSearch, exported part by part. */
export function openFlexsearch(wordsOf) {
  const options = { tokenize: 'strict', encode: wordsOf }
  let index = new Index(options)
  return {
    async add(docs) {
      for (const { id, text } of docs) index.add(id, text)
    },
    async finish() {
      const parts = {}
      await index.export((key, data) => {
        parts[key] = data
      })
      const text = JSON.stringify(parts)
      await writeText('flexsearch.json', text)
      return text.length
    },
    async reopen() {
      index = new Index(options)
      for (const [key, data] of Object.entries(JSON.parse(await readText('flexsearch.json')))) index.import(key, data)
    },
    find({ words }) {
      return index.search(words.join(' '), { limit: 50, suggest: false }).length
    },
    kinds: ['common word', 'rare word', 'two words', 'unspaced script'],
  }
}
