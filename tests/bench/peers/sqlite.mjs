import sqlite3InitModule from '@sqlite.org/sqlite-wasm'

/** SQLite's FTS5 on private files of the origin, with positions, as phrases need them. */
export async function openSqlite(wordsOf) {
  const sqlite3 = await sqlite3InitModule()
  const pool = await sqlite3.installOpfsSAHPoolVfs({ directory: 'sqlite' })
  const db = new pool.OpfsSAHPoolDb('/search.db')
  db.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5 (text, content = '', tokenize = 'unicode61', prefix = '2 3')`,
  )
  let statement = null
  return {
    async add(docs) {
      db.transaction(() => {
        const insert = db.prepare('INSERT INTO f (rowid, text) VALUES (?, ?)')
        for (const { id, text } of docs) insert.bind([id, wordsOf(text).join(' ')]).stepReset()
        insert.finalize()
      })
    },
    async finish() {
      return db.selectValue('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')
    },
    async reopen() {
      // The database is open already.
    },
    find({ words, isPrefix, isPhrase }) {
      statement ??= db.prepare('SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid DESC LIMIT 50')
      const quoted = isPhrase ? [words.join(' ')] : words
      statement.bind([quoted.map(word => `"${word}"${isPrefix ? '*' : ''}`).join(' AND ')])
      let found = 0
      while (statement.step()) found++
      statement.reset()
      return found
    },
    kinds: ['common word', 'rare word', 'two words', 'phrase', 'beginning', 'unspaced script'],
  }
}
