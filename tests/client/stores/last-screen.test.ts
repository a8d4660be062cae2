import { describe, expect, test } from 'vitest'
import type { Conversation } from '#shared/records.ts'
import { type LocalStore, openLocalStore } from '../../../client/platform/local-store.ts'
import { createLastScreen, type KeptChat, type LastScreen } from '../../../client/stores/last-screen.ts'
import { madeMessage } from '../../helpers/made-message.ts'

const NOTHING: LastScreen = { page: null, chat: null }
const LISTED: LastScreen = { page: { rows: [], hasMore: true, isComplete: true, isAllHere: false }, chat: null }

const CONVERSATION: Conversation = {
  id: 'chat',
  title: 'A chat',
  model: null,
  system_prompt: null,
  params: {},
  tags: ['home'],
  active_leaf_id: 'message',
  pinned_at: null,
  archived_at: null,
  deleted_at: null,
  created_at: 1,
  updated_at: 2,
  rev: 3,
}
const CITATION = { url: 'https://example.org', title: null, quote: null, start: null, end: null }
const ANSWER = madeMessage({ role: 'assistant', citations: [CITATION] })
const PARAGRAPH = {
  tag: 'p',
  attributes: { dir: 'auto' },
  children: ['Some ', { tag: 'em', attributes: {}, children: [] }],
}
const CHAT: KeptChat = {
  conversation: CONVERSATION,
  messages: [madeMessage(), ANSWER],
  deviceId: 'phone',
  answers: { message: [PARAGRAPH] },
}
const SCREEN: LastScreen = {
  page: {
    rows: [{ ...CONVERSATION, cost_nanousd: 5, preview: 'Some', last_status: 'complete' }],
    hasMore: true,
    isComplete: true,
    isAllHere: false,
  },
  chat: CHAT,
}

/** A screen with the words of this length in one answer. */
function screenOf(length: number): LastScreen {
  return { page: null, chat: { ...CHAT, answers: { b: ['x'.repeat(length)] } } }
}

/** A storage as a browser has it, with room for so many characters. */
function openStorage(room = 1_000_000): { readonly store: LocalStore; readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  const storage: Storage = {
    length: 0,
    clear: () => kept.clear(),
    key: () => null,
    getItem: key => kept.get(key) ?? null,
    removeItem: key => void kept.delete(key),
    setItem(key, value) {
      if (value.length > room) throw new DOMException('No room', 'QuotaExceededError')
      kept.set(key, value)
    },
  }
  return { store: openLocalStore(storage), kept }
}

test('what one page kept is found by the next', () => {
  const { store } = openStorage()

  createLastScreen(store, '/one.js').keep(SCREEN)

  expect(createLastScreen(store, '/one.js').found).toEqual(SCREEN)
})

test('another build finds nothing', () => {
  const { store } = openStorage()

  createLastScreen(store, '/one.js').keep(LISTED)

  expect(createLastScreen(store, '/two.js').found).toEqual(NOTHING)
})

test('half a text is as good as none', () => {
  const { store } = openStorage()

  store.set('llmr-screen', '/one.js\n{"page":')

  expect(createLastScreen(store, '/one.js').found).toEqual(NOTHING)
})

describe('a record of another shape is as good as none', () => {
  const others: Readonly<Record<string, unknown>> = {
    'nothing at all': null,
    'a list': [],
    'a page without rows': { ...SCREEN, page: { hasMore: true, isComplete: true, isAllHere: true } },
    'a row without tags': { ...SCREEN, page: { ...SCREEN.page, rows: [{ ...SCREEN.page?.rows[0], tags: undefined }] } },
    'a chat without its conversation': { ...SCREEN, chat: { ...CHAT, conversation: null } },
    'a time that is a text': { ...SCREEN, chat: { ...CHAT, conversation: { ...CONVERSATION, updated_at: '2' } } },
    'a message without words': { ...SCREEN, chat: { ...CHAT, messages: [{ ...ANSWER, content: null }] } },
    'an error without words': { ...SCREEN, chat: { ...CHAT, messages: [{ ...ANSWER, error: { code: 'x' } }] } },
    'a source that is a text': { ...SCREEN, chat: { ...CHAT, messages: [{ ...ANSWER, citations: ['x'] }] } },
    'answers in a list': { ...SCREEN, chat: { ...CHAT, answers: [PARAGRAPH] } },
    'an element without children': {
      ...SCREEN,
      chat: { ...CHAT, answers: { message: [{ tag: 'p', attributes: {} }] } },
    },
    'an attribute that is a number': {
      ...SCREEN,
      chat: { ...CHAT, answers: { message: [{ ...PARAGRAPH, attributes: { start: 1 } }] } },
    },
  }
  test.each(Object.entries(others))('%s', (_, record) => {
    const { store } = openStorage()

    store.set('llmr-screen', `/one.js\n${JSON.stringify(record)}`)

    expect(createLastScreen(store, '/one.js').found).toEqual(NOTHING)
  })
})

test('a screen that is too long to be read before the first paint is not kept, and the one before it goes', () => {
  const { store, kept } = openStorage()
  const screen = createLastScreen(store, '/one.js')

  screen.keep(LISTED)
  screen.keep(screenOf(150_000))

  expect([...kept]).toEqual([])
})

test('a full storage keeps nothing, not even the screen before', () => {
  const { store, kept } = openStorage(1_000)
  const screen = createLastScreen(store, '/one.js')

  screen.keep(LISTED)
  screen.keep(screenOf(1_000))

  expect([...kept]).toEqual([])
  expect(createLastScreen(store, '/one.js').found).toEqual(NOTHING)
})

test('a browser that allows no storage starts without it', () => {
  const screen = createLastScreen(openLocalStore(null), '/one.js')

  screen.keep(LISTED)

  expect(screen.found).toEqual(NOTHING)
})
