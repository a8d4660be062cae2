import { expect, test } from 'vitest'
import { TEMPORARY_CHAT } from '../../../client/platform/chat-of-path.ts'
import { createComposerStore } from '../../../client/stores/composer-store.ts'
import type { DraftStore } from '../../../client/stores/draft-store.ts'

const CHANGE = { questionId: 'question', parentId: null }

/** Composers over what one device keeps, each as a page opened anew. */
function device() {
  const kept = new Map<string | null, string>()
  const drafts: DraftStore = {
    read: async id => kept.get(id) ?? '',
    write: (id, text) => void kept.set(id, text),
    flush: () => undefined,
    settle: async () => true,
    unsaved: () => [],
  }
  return { kept, openPage: () => createComposerStore(drafts) }
}

test('a changed prompt is there again when its chat is opened anew, and the draft behind it once it is cleared', async () => {
  const { openPage } = device()
  const before = openPage()
  await before.open('chat')
  before.write('a draft')
  before.edit(CHANGE, 'asked')
  before.write('asked\n\nbetter')

  const after = openPage()
  await after.open('other')
  expect([after.text.value, after.editing.value]).toEqual(['', null])
  await after.open('chat')
  expect([after.text.value, after.editing.value]).toEqual(['asked\n\nbetter', CHANGE])
  after.clear()

  await expect.poll(() => after.text.value).toBe('a draft')
  expect(after.editing.value).toBe(null)
})

test('knows what stands before the changed prompt', async () => {
  const { openPage } = device()
  const change = { questionId: 'question', parentId: 'answer' }
  const before = openPage()
  await before.open('chat')
  before.edit(change, '')

  const after = openPage()
  await after.open('chat')

  expect([after.text.value, after.editing.value]).toEqual(['', change])
})

test('keeps nothing of what is changed in a temporary chat', async () => {
  const { kept, openPage } = device()
  const composer = openPage()
  await composer.open(TEMPORARY_CHAT)

  composer.edit(CHANGE, 'between us')

  expect([composer.text.value, [...kept.values()]]).toEqual(['between us', []])
})

test('keeps what was typed here when the page goes, though another page has sent the same draft since', async () => {
  const { kept, openPage } = device()
  const [here, other] = [openPage(), openPage()]
  await here.open('chat')
  here.write('half a thought')
  await other.open('chat')
  other.clear()
  expect(kept.get('chat')).toBe('')

  other.keep()
  here.keep()

  expect(kept.get('chat')).toBe('half a thought')
})

test('gives nothing back that was only read here: the page in which it was typed may have sent it', async () => {
  const { kept, openPage } = device()
  const [here, other] = [openPage(), openPage()]
  await other.open('chat')
  other.write('a question')
  await here.open('chat')
  other.clear()

  here.keep()

  expect([here.text.value, kept.get('chat')]).toEqual(['a question', ''])
})
