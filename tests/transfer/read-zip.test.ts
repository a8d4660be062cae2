import { strToU8, type Zippable, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { IMPORT_LIMITS } from '#shared/transfer/import/import-limits.ts'
import { readImport } from '#shared/transfer/import/read-import.ts'
import { claudeChat, plainChatGpt } from './foreign-files.ts'
import { collect, decode, fileOf } from './helpers.ts'

const json = (value: unknown) => strToU8(JSON.stringify(value))
const chat = (id: string) => plainChatGpt({ id, conversation_id: id, title: id })

async function read(archive: Uint8Array, chunkBytes = 64 * 1024) {
  const finds = await collect(readImport([fileOf(archive, { name: 'export.zip', chunkBytes })], { decode, nowMs: 1 }))
  return {
    titles: finds.flatMap(find => (find.kind === 'chat' ? [find.chat.title] : [])),
    reasons: finds.flatMap(({ skipped }) => skipped).flatMap(({ node, reason }) => (node === null ? [reason] : [])),
  }
}

/** Changes each entry of the directory at the archive's end: `offset` counts from the entry's mark. */
function patchDirectory(archive: Uint8Array, patch: (view: DataView, entry: number) => void): Uint8Array {
  const copy = archive.slice()
  const view = new DataView(copy.buffer)
  for (let index = 0; index < copy.length - 4; index++)
    if (view.getUint32(index, true) === 0x02014b50) patch(view, index)
  return copy
}

describe('an archive', () => {
  test.each([7, 1000, 64 * 1024])('is read shard by shard, whatever pieces it comes in (%i)', async chunkBytes => {
    const archive = zipSync({
      'conversations-001.json': json([chat('second')]),
      'conversations-000.json': json([chat('first')]),
      'user.json': json({ id: 'u' }),
      'chat.html': strToU8('<html>'),
    })

    expect(await read(archive, chunkBytes)).toEqual({ titles: ['first', 'second'], reasons: [] })
  })

  test('with a stored entry, a folder and other programs’ files is read too', async () => {
    const archive = zipSync({
      export: { 'conversations.json': [json([claudeChat()]), { level: 0 }], 'users.json': json([]) },
    })

    expect((await read(archive)).titles).toEqual(['A letter'])
  })

  test('that lacks a shard its manifest lists was cut short, which is said', async () => {
    const manifest = {
      version: 1,
      logical_files: {
        'conversations.json': { sharded: true, files: ['conversations-000.json', 'conversations-001.json'] },
      },
    }
    const archive = zipSync({ 'conversations-000.json': json([chat('first')]), 'export_manifest.json': json(manifest) })

    const { titles, reasons } = await read(archive)

    expect(titles).toEqual(['first'])
    expect(reasons).toEqual([
      'conversations-001.json: the export lists it, but the archive does not hold it. It was cut short.',
    ])
  })

  test.each<[what: string, entries: Zippable, reason: RegExp]>([
    ['a name that climbs out', { '../../etc/passwd.json': json([]) }, /points out of the archive/],
    ['a name that climbs out inside', { 'a/../../b.json': json([]) }, /points out of the archive/],
    ['a name from the root', { '/etc/conversations.json': json([]) }, /root of a disk/],
    ['a name from the root of Windows', { '\\conversations.json': json([]) }, /root of a disk/],
    ['a drive', { 'C:conversations.json': json([]) }, /root of a disk/],
    ['an archive in it', { 'more.zip': zipSync({ 'conversations.json': json([]) }) }, /archive in an archive/],
    ['a bomb', { 'bomb.json': new Uint8Array(5_000_000) }, /more than 100 times/],
  ])('%s is not opened, and the rest is', async (_, entries, reason) => {
    const { titles, reasons } = await read(zipSync({ ...entries, 'conversations.json': json([chat('good')]) }))

    expect(titles).toEqual(['good'])
    expect(reasons).toEqual([expect.stringMatching(reason)])
  })

  test('a link to another file is not followed', async () => {
    const archive = zipSync({ 'conversations.json': json([chat('x')]) })
    const linked = patchDirectory(archive, (view, entry) => view.setUint32(entry + 38, (0o120777 << 16) >>> 0, true))

    await expect(read(linked)).rejects.toThrow(
      /no conversations in this archive.* conversations\.json: it is a link to another file\./,
    )
  })

  test('an encrypted entry is not opened', async () => {
    const archive = zipSync({ 'conversations.json': json([chat('x')]) })
    const locked = patchDirectory(archive, (view, entry) => view.setUint16(entry + 8, 1, true))

    await expect(read(locked)).rejects.toThrow(
      /no conversations in this archive.* conversations\.json: it is encrypted\./,
    )
  })

  test('that lies about the size of an entry is left as soon as more comes out', async () => {
    const archive = zipSync({ 'conversations.json': json([chat('x'), chat('y')]) })
    const lying = patchDirectory(archive, (view, entry) => view.setUint32(entry + 24, 100, true))

    await expect(read(lying)).rejects.toThrow('unpacks to more than it should')
  })

  test('with too many entries is refused', async () => {
    const archive = zipSync(
      Object.fromEntries(
        Array.from({ length: IMPORT_LIMITS.entries + 1 }, (_, index) => [`${index}.json`, new Uint8Array()]),
      ),
    )

    await expect(read(archive)).rejects.toThrow('at most 10000 are read')
  })

  test.each([1, 10, 40, 100])('that lost its last %i bytes is broken, in words', async lost => {
    const archive = zipSync({ 'conversations.json': json([chat('x')]) })

    await expect(read(archive.slice(0, -lost))).rejects.toThrow(/The archive is/)
  })

  test('whose content is damaged is broken, in words', async () => {
    const archive = zipSync({ 'conversations.json': json(Array.from({ length: 50 }, (_, index) => chat(`c${index}`))) })
    archive.fill(0xff, 60, 200)

    await expect(read(archive)).rejects.toThrow(/broken|not JSON|neither/)
  })

  test('and a file beside it that is wrong is named', async () => {
    const good = fileOf(zipSync({ 'conversations.json': json([chat('x')]) }), { name: 'good.zip' })

    await expect(
      collect(readImport([good, fileOf('[1,', { name: 'bad.json' })], { decode, nowMs: 1 })),
    ).rejects.toThrow(/^bad\.json: The file breaks off/)
  })
})
