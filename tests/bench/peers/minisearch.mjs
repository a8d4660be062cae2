import MiniSearch from 'minisearch'
import { readText, writeText } from './files.mjs'

/** MiniSearch, kept as its own JSON. */
export function openMinisearch(wordsOf) {
  const options = { fields: ['text'], storeFields: ['at'], tokenize: wordsOf, processTerm: term => term }
  let index = new MiniSearch(options)
  return {
    async add(docs) {
      index.addAll(docs)
    },
    async finish() {
      const text = JSON.stringify(index)
      await writeText('minisearch.json', text)
      return text.length
    },
    async reopen() {
      index = MiniSearch.loadJSON(await readText('minisearch.json'), options)
    },
    find({ words, isPrefix }) {
      return index.search(words.join(' '), { combineWith: 'AND', prefix: isPrefix }).slice(0, 50).length
    },
    kinds: ['common word', 'rare word', 'two words', 'beginning', 'unspaced script'],
  }
}
