import { expect, test } from 'vitest'
import { draftOf } from '../../../client/installed/shared-draft.ts'
import type { SharedFile, SharedThing } from '../../../client/installed/worker-database.ts'

const NOTHING: SharedThing = { id: 'a', title: '', text: '', url: '', files: [] }

function file(name: string, content: string | Uint8Array<ArrayBuffer>, type = 'text/plain'): SharedFile {
  const bytes = new Blob([content])
  return { name, type, sizeBytes: bytes.size, bytes }
}

const shared = (part: Partial<SharedThing>) => draftOf([{ ...NOTHING, ...part }])

test.each([
  [
    { title: 'A page', text: 'A page: read it https://a.example/x', url: 'https://a.example/x' },
    'A page: read it https://a.example/x',
  ],
  [{ title: 'A page', text: '', url: 'https://a.example/x' }, 'A page\nhttps://a.example/x'],
  [{ title: 'same', text: 'same', url: '' }, 'same'],
  [{ title: ' ', text: ' words ', url: '' }, 'words'],
])('says nothing twice: %o', async (fields, text) => {
  expect(await shared(fields)).toEqual({ text, refusals: [] })
})

test('puts files below the words, each under its name in a fence that its text cannot end', async () => {
  const { text } = await shared({ text: 'Look', files: [file('a.TS', 'let a\n'), file('no ending', '```\n````')] })

  expect(text).toBe('Look\n\na.TS:\n\n```ts\nlet a\n```\n\nno ending:\n\n`````\n```\n````\n`````')
})

test('takes what several apps have shared, in their order', async () => {
  const { text } = await draftOf([
    { ...NOTHING, text: 'one' },
    { ...NOTHING, text: 'two' },
  ])

  expect(text).toBe('one\n\ntwo')
})

test.each([
  [file('a.png', 'x', 'image/png'), '“a.png” was not taken: pictures cannot be sent yet.'],
  [file('a.pdf', 'x', 'application/pdf'), '“a.pdf” was not taken: PDFs cannot be sent yet.'],
  [file('a.mp3', 'x', 'audio/mpeg'), '“a.mp3” was not taken: sound and films cannot be sent.'],
  [file('a.bin', new Uint8Array([0xff, 0xfe, 0])), '“a.bin” was not taken: it is not text.'],
  [file('nul.txt', 'a\0b'), '“nul.txt” was not taken: it is not text.'],
  [file('big.txt', 'x'.repeat(160_001)), '“big.txt” was not taken: it has 161 kB, and a prompt takes 160 kB of files.'],
  [
    { name: 'huge.txt', type: 'text/plain', sizeBytes: 5_000_000, bytes: null },
    '“huge.txt” was not taken: it has 5000 kB, and a prompt takes 160 kB of files.',
  ],
])('leaves out what it cannot take, and says why', async (refused, sentence) => {
  expect(await shared({ text: 'words', files: [refused] })).toEqual({ text: 'words', refusals: [sentence] })
})

test('counts the files of one draft together', async () => {
  const { text, refusals } = await shared({ files: [file('a', 'x'.repeat(100_000)), file('b', 'y'.repeat(100_000))] })

  expect(text.startsWith('a:\n\n```\nxxx')).toBe(true)
  expect(refusals).toEqual(['“b” was not taken: it has 100 kB, and a prompt takes 160 kB of files.'])
})
