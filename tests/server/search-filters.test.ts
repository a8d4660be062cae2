import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareHits } from '#shared/search-order.ts'
import { type FilterSubject, parseQuery, passesFilters } from '#shared/search-query.ts'
import { openDatabase, type Sqlite } from '../../server/database/open-database.ts'
import { OWNER_USER_ID } from '../../server/database/schema.ts'
import { search } from '../../server/search/search-service.ts'
import { indexMessage } from '../../server/search/search-store.ts'
import { seededRandom } from '../helpers/seeded-random.ts'

const PICTURE = '00000000-0000-7000-8000-0000000000aa'
const PAPER = '00000000-0000-7000-8000-0000000000bb'

let folder: string
let sqlite: Sqlite

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  sqlite = openDatabase(join(folder, 'llm-router.db'))
  const attach = sqlite.prepare(
    `INSERT INTO attachments (id, user_id, rev, sha256, name, media_type, bytes, created_at) VALUES (?, 1, 0, '', '', ?, 0, 0)`,
  )
  attach.run(PICTURE, 'image/png')
  attach.run(PAPER, 'application/pdf')
})

afterEach(() => {
  sqlite.close()
  rmSync(folder, { recursive: true, force: true })
})

type Chat = { readonly id: string; title?: string; tags?: readonly string[]; pinned?: number; archived?: number }
type Said = {
  readonly id: string
  readonly chat: string
  readonly content: string
  readonly createdAt: number
  readonly role?: string
  readonly model?: string
  readonly attachments?: readonly string[]
}

function addChat({ id, title = 'A chat', tags = [], pinned, archived }: Chat): void {
  sqlite
    .prepare(
      `INSERT INTO conversations (id, user_id, rev, title, tags, pinned_at, archived_at, created_at, updated_at)
       VALUES (?, ?, 0, ?, ?, ?, ?, 0, 0)`,
    )
    .run(id, OWNER_USER_ID, title, JSON.stringify(tags), pinned ?? null, archived ?? null)
}

function say({ id, chat, content, createdAt, role = 'user', model, attachments = [] }: Said): void {
  const { lastInsertRowid } = sqlite
    .prepare(
      `INSERT INTO messages (id, user_id, rev, conversation_id, role, content, model, status, attachments, created_at)
       VALUES (?, ?, 0, ?, ?, ?, ?, 'complete', ?, ?)`,
    )
    .run(id, OWNER_USER_ID, chat, role, content, model ?? null, JSON.stringify(attachments), createdAt)
  indexMessage(sqlite, Number(lastInsertRowid), content)
}

const found = (q: string, limit = 100) => search(sqlite, OWNER_USER_ID, { q, limit }).map(hit => hit.message_id)

describe('the order of what is found', () => {
  test('is that of the writing, not of the arriving', () => {
    addChat({ id: 'c' })
    say({ id: 'm1', chat: 'c', content: 'apple', createdAt: 30 })
    say({ id: 'm2', chat: 'c', content: 'apple', createdAt: 10 })
    say({ id: 'm3', chat: 'c', content: 'apple', createdAt: 20 })
    say({ id: 'm4', chat: 'c', content: 'apple', createdAt: 20 })

    expect(found('apple ')).toEqual(['m1', 'm4', 'm3', 'm2'])
    expect(found('apple ', 2)).toEqual(['m1', 'm4'])
  })

  test('is the same for a word that thousands of messages hold', () => {
    addChat({ id: 'c' })
    const random = seededRandom(4)
    const times = Array.from({ length: 5000 }, (_, index) => ({
      message_id: `m${String(index).padStart(4, '0')}`,
      created_at: Math.floor(random() * 3000),
    }))
    sqlite.transaction(() => {
      for (const { message_id, created_at } of times)
        say({ id: message_id, chat: 'c', content: 'common', createdAt: created_at })
    })()

    expect(found('common ', 100)).toEqual(
      times
        .toSorted(compareHits)
        .slice(0, 100)
        .map(({ message_id }) => message_id),
    )
  })
})

describe('words', () => {
  beforeEach(() => {
    addChat({ id: 'c', title: 'Backups of the Pi' })
    addChat({ id: 'd', title: 'Dinner' })
    say({ id: 'm1', chat: 'c', content: 'cat and dog', createdAt: 1 })
    say({ id: 'm2', chat: 'c', content: 'cat alone', createdAt: 2 })
    say({ id: 'm3', chat: 'd', content: 'backups of dinner', createdAt: 3 })
  })

  test('after a dash must not be there', () => {
    expect(found('cat -dog ')).toEqual(['m2'])
    expect(found('-"and dog" cat ')).toEqual(['m2'])
    expect(found('cat -alone -dog ')).toEqual([])
  })

  test('of in:title are looked for in titles; the newest message stands for its chat', () => {
    expect(found('in:title backups ')).toEqual(['m2'])
    expect(found('in:title -backups dinn')).toEqual(['m3'])
    expect(found('backups ')).toEqual(['m3'])
  })

  test('are not looked for beside a filter that cannot be read', () => {
    expect(() => found('cat before:then ')).toThrow('not by “then”')
  })
})

test.each([1, 2, 3])('filters find here what they find on a device (seed %i)', seed => {
  const random = seededRandom(seed)
  const pick = <Item>(...items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)]
  const chats = Array.from({ length: 12 }, (_, index) => ({
    id: `c${index}`,
    tags: pick([], ['home'], ['Home', 'work'], ['homework']) ?? [],
    ...(random() < 0.4 ? { pinned: 5 } : {}),
    ...(random() < 0.3 ? { archived: 5 } : {}),
  }))
  const said = Array.from({ length: 300 }, (_, index) => ({
    id: `m${String(index).padStart(3, '0')}`,
    chat: chats[index % chats.length]?.id ?? '',
    content: pick('plain', 'a\n```js\n1\n```', 'see ![x](y)', '! [no]') ?? '',
    createdAt: new Date(2026, Math.floor(random() * 12), 1 + Math.floor(random() * 28)).getTime(),
    role: pick('user', 'assistant', 'system') ?? '',
    model: pick('openai/GPT-5', 'anthropic/sonnet', undefined),
    attachments: pick([], [PICTURE], [PAPER], [PAPER, PICTURE]) ?? [],
  }))
  for (const chat of chats) addChat(chat)
  for (const { model, ...message } of said) say({ ...message, ...(model === undefined ? {} : { model }) })
  const FILTERS = [
    'model:gpt',
    'model:SONNET',
    'tag:home',
    'tag:Work',
    'role:user',
    'role:assistant',
    'has:code',
    'has:image',
    'is:pinned',
    'is:archived',
    'before:2026-06',
    'after:2026-03-15',
  ]
  let hits = 0

  for (let round = 0; round < 60; round++) {
    const query = Array.from({ length: 1 + Math.floor(random() * 3) }, () => `${pick('', '', '-')}${pick(...FILTERS)}`)
    const { filters } = parseQuery(query.join(' '))
    const expected = said
      .filter(message => passesFilters(filters, subjectOf(message)))
      .map(({ id, createdAt }) => ({ message_id: id, created_at: createdAt }))
      .toSorted(compareHits)
      .map(({ message_id }) => message_id)

    expect(found(query.join(' '), 300), query.join(' ')).toEqual(expected)
    hits += expected.length
  }
  expect(hits).toBeGreaterThan(500)

  function subjectOf(message: (typeof said)[number]): FilterSubject {
    const chat = chats.find(({ id }) => id === message.chat)
    return {
      model: message.model ?? null,
      role: message.role,
      createdAtMs: message.createdAt,
      hasCode: message.content.includes('```'),
      hasImage: message.content.includes('![') || message.attachments.includes(PICTURE),
      tags: chat?.tags ?? [],
      isPinned: chat?.pinned !== undefined,
      isArchived: chat?.archived !== undefined,
    }
  }
})
