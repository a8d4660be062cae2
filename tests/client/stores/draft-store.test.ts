import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import type { DeviceState } from '../../../client/device/device.ts'
import type { DraftKeeper } from '../../../client/device/draft-keeper.ts'
import { openLocalStore } from '../../../client/platform/local-store.ts'
import { createDraftStore } from '../../../client/stores/draft-store.ts'
import { UNUSED_DEVICE } from '../../helpers/unused-device.ts'

const LEFT = 'llmr-draft-a'

function setUp(options: { readonly before?: string } = {}) {
  const kept = new Map<string | null, string>(options.before === undefined ? [] : [['a', options.before]])
  const keeper: DraftKeeper = {
    read: async id => kept.get(id) ?? '',
    async write(id, text) {
      if (text === '') kept.delete(id)
      else kept.set(id, text)
    },
  }
  const store = openLocalStore(null)
  const faults: unknown[] = []
  const device = signal<DeviceState>({ state: 'opening' })
  const asked: number[] = []
  let waiting: (() => void) | null = null
  const drafts = createDraftStore(new AbortController().signal, {
    store,
    device,
    scheduler: {
      after(delayMs, work) {
        asked.push(delayMs)
        waiting = work
        return () => {
          waiting = null
        }
      },
    },
    onFault: cause => faults.push(cause),
  })
  async function open(): Promise<void> {
    device.value = { state: 'open', device: { ...UNUSED_DEVICE, drafts: keeper } }
    await settle()
  }
  return { kept, keeper, store, drafts, faults, open, asked, elapse: () => waiting?.() }
}

const settle = () => new Promise(resolve => setImmediate(resolve))

test('keeps a draft soon after its first letter, however fast the next ones come', async () => {
  const { kept, drafts, open, elapse, asked } = setUp()
  await open()
  drafts.write('a', 'hel')
  drafts.write('a', 'hello')

  expect(kept.has('a')).toBe(false)
  expect(asked).toEqual([150])
  elapse()
  await settle()
  expect(kept.get('a')).toBe('hello')
})

test('keeps what is typed outside the database while that is not open', async () => {
  const { store, drafts, kept, open, elapse } = setUp()
  drafts.write('a', 'early')
  elapse()
  expect(store.get(LEFT)).toBe('early')

  drafts.write('a', 'early bird')
  await open()
  expect([kept.get('a'), store.get(LEFT)]).toEqual(['early bird', null])
})

test('tells whether everything is kept', async () => {
  const { keeper, drafts, kept, faults, open } = setUp()
  await open()
  drafts.write('a', 'one')
  expect(await drafts.settle()).toBe(true)
  expect(kept.get('a')).toBe('one')

  const failure = new Error('gone')
  keeper.write = () => Promise.reject(failure)
  drafts.write('a', 'two')
  expect(await drafts.settle()).toBe(false)
  expect(faults).toEqual([failure])
  expect(await drafts.read('a')).toBe('two')
})

test('reads what is not kept yet', async () => {
  const { drafts } = setUp()
  drafts.write(null, 'just typed')
  expect(await drafts.read(null)).toBe('just typed')
})

test('keeps what was typed before the database was open, as soon as it is', async () => {
  const { kept, drafts, open, elapse } = setUp()
  drafts.write('a', 'early')
  elapse()
  await open()
  expect(kept.get('a')).toBe('early')
})

test('keeps everything at once when the page goes, before a database could answer', () => {
  const { store, drafts } = setUp()
  drafts.write('a', 'one')
  drafts.write(null, 'two')
  drafts.flush()
  expect([store.get(LEFT), store.get('llmr-draft-new')]).toEqual(['one', 'two'])
})

test('keeps what the database was still writing when the page goes, for that ends the writing', async () => {
  const { keeper, store, drafts, open, elapse } = setUp({ before: 'sent by now' })
  await open()
  keeper.write = () => new Promise(() => undefined)
  drafts.write('a', '')
  elapse()

  drafts.flush()

  expect(store.get(LEFT)).toBe('')
  expect(await drafts.read('a')).toBe('')
})

test('shows what a page left behind rather than what was kept before it, until it is kept itself', async () => {
  const { kept, store, drafts, open } = setUp({ before: 'older' })
  store.set(LEFT, 'newer')
  await open()

  expect(await drafts.read('a')).toBe('newer')
  drafts.write('a', 'newer still')
  drafts.flush()
  await settle()
  expect([kept.get('a'), store.get(LEFT)]).toEqual(['newer still', null])
})

test('forgets a draft that was emptied', async () => {
  const { kept, drafts, open, elapse } = setUp({ before: 'one' })
  await open()
  drafts.write('a', '')
  elapse()
  await settle()
  expect(kept.has('a')).toBe(false)
})

test('says when the database fails, and goes on without it', async () => {
  const { keeper, drafts, faults, open } = setUp()
  const failure = new Error('gone')
  keeper.read = () => Promise.reject(failure)
  await open()

  expect(await drafts.read('a')).toBe('')
  expect(faults).toEqual([failure])
})

test('a draft of the temporary chat never reaches a store that outlives the page', async () => {
  const { drafts, store } = setUp()
  drafts.write('temporary', 'between us')
  drafts.write('a', 'for the record')

  drafts.flush()

  expect([store.get('llmr-draft-temporary'), store.get(LEFT)]).toEqual([null, 'for the record'])
})
