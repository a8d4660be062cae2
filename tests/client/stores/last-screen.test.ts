import { expect, test } from 'vitest'
import { type LocalStore, openLocalStore } from '../../../client/platform/local-store.ts'
import { createLastScreen, type LastScreen } from '../../../client/stores/last-screen.ts'

const NOTHING: LastScreen = { page: null, chat: null }
const LISTED: LastScreen = { page: { rows: [], hasMore: true, isComplete: true, isAllHere: false }, chat: null }

/** A screen with the words of this length in one answer. */
function screenOf(length: number): LastScreen {
  const conversation = { id: 'a' } as NonNullable<LastScreen['chat']>['conversation']
  return { page: null, chat: { conversation, messages: [], deviceId: null, answers: { b: ['x'.repeat(length)] } } }
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

  createLastScreen(store, '/one.js').keep(LISTED)

  expect(createLastScreen(store, '/one.js').found).toEqual(LISTED)
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
