import { expect, test } from 'vitest'
import { syncInParts } from '../../server/sync/sync-in-parts.ts'
import { conversation, createSyncCore, Device, pageOf, prompt } from '../helpers/sync-core.ts'

const CHATS = 150

function setUp() {
  const core = createSyncCore()
  const [device, other] = [new Device(core), new Device(core)]
  const muts = device.make(...Array.from({ length: CHATS }, () => conversation(core.newId(), 1000)))
  return { core, device, other, muts }
}

test('lets another device have its turn in the midst of a long push', async () => {
  const { core, device, other, muts } = setUp()
  const seen: number[] = []

  const reply = await syncInParts(core.sync, 1, {
    request: device.request(muts),
    pause: async () => {
      other.deliver([])
      seen.push(other.seen.size)
    },
  })

  const { rows, trailer } = device.take(reply)
  expect(seen).toEqual([100])
  expect(rows).toHaveLength(CHATS)
  expect(trailer).toMatchObject({ ack: [CHATS, muts.at(-1)?.mid], more: false })
})

test('tells the results of all parts', async () => {
  const core = createSyncCore()
  const device = new Device(core)
  const lost = () => prompt(core.newId(), core.newId(), 1000)
  const chats = Array.from({ length: CHATS }, () => conversation(core.newId(), 1000))
  const muts = device.make(lost(), ...chats, lost())

  const reply = await syncInParts(core.sync, 1, { request: device.request(muts), pause: async () => undefined })

  expect(pageOf(reply).trailer.results).toEqual([
    { n: 1, result: 'missing' },
    { n: CHATS + 2, result: 'missing' },
  ])
})

test('takes up a push that was cut off in its midst where it was cut', async () => {
  const { core, device, muts } = setUp()
  const request = device.request(muts)
  const cut = syncInParts(core.sync, 1, { request, pause: () => Promise.reject(new Error('Cut off')) })
  await expect(cut).rejects.toThrow('Cut off')

  const reply = await syncInParts(core.sync, 1, { request, pause: async () => undefined })

  expect(device.take(reply).trailer).toMatchObject({ ack: [CHATS, muts.at(-1)?.mid], results: [] })
  expect(core.rows('conversations')).toHaveLength(CHATS)
})

test('applies nothing behind a gap', async () => {
  const { core, device, muts } = setUp()

  const reply = await syncInParts(core.sync, 1, {
    request: device.request(muts.slice(1)),
    pause: async () => undefined,
  })

  expect(reply).toEqual({ kind: 'gap' })
  expect(core.rows('conversations')).toEqual([])
})
