import { expect, test } from 'vitest'
import { openLocalStore } from '../../../client/platform/local-store.ts'
import { createDraftStore } from '../../../client/stores/draft-store.ts'

function setUp() {
  const store = openLocalStore(null)
  let waiting: (() => void) | null = null
  const drafts = createDraftStore(
    store,
    run => {
      waiting = run
      return 1
    },
    () => {
      waiting = null
    },
  )
  return { store, drafts, elapse: () => waiting?.() }
}

test('keeps a draft once typing has paused', () => {
  const { store, drafts, elapse } = setUp()
  drafts.write('a', 'hel')
  drafts.write('a', 'hello')

  expect(store.get('llmr-draft-a')).toBeNull()
  elapse()
  expect(store.get('llmr-draft-a')).toBe('hello')
})

test('reads what is not kept yet', () => {
  const { drafts } = setUp()
  drafts.write(null, 'just typed')
  expect(drafts.read(null)).toBe('just typed')
})

test('keeps everything at once when the page goes', () => {
  const { store, drafts } = setUp()
  drafts.write('a', 'one')
  drafts.write(null, 'two')
  drafts.flush()
  expect([store.get('llmr-draft-a'), store.get('llmr-draft-new')]).toEqual(['one', 'two'])
})

test('forgets a draft that was emptied', () => {
  const { store, drafts } = setUp()
  drafts.write('a', 'one')
  drafts.flush()
  drafts.write('a', '')
  drafts.flush()
  expect(store.get('llmr-draft-a')).toBeNull()
})
