import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { exportName, exportPieces } from '#shared/transfer/export-file.ts'
import { fence } from '#shared/transfer/fence.ts'
import type { FileChat } from '#shared/transfer/file-format.ts'
import { collect } from './helpers.ts'
import { randomChats } from './random-chats.ts'

async function* stream(chats: readonly FileChat[]): AsyncGenerator<FileChat> {
  yield* chats
}

const chats = randomChats(31, 30)
const [first] = chats.filter(({ messages }) => messages.length > 3)
if (first === undefined) throw new Error('No chat of this seed is long enough')

describe('chats as an archive of texts', () => {
  test('are one file each, under names that any disk takes and none twice', async () => {
    const pieces = await collect(exportPieces(stream(chats), { format: 'markdown', isSingle: false }))
    const files = unzipSync(Buffer.concat(pieces.map(piece => Buffer.from(piece))))

    const names = Object.keys(files)
    expect(names).toHaveLength(chats.length)
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(chats.length)
    for (const name of names) expect(name).toMatch(/^\d{4}-\d\d-\d\d [\p{L}\p{M}\p{N}-]+( [0-9a-f]{12})?\.md$/u)
    expect(Object.values(files).some(bytes => strFromU8(bytes).includes(`- id: ${first.id}`))).toBe(true)
  })
})

describe('one chat as a text', () => {
  test('goes from the first prompt to the active leaf, and says what stands elsewhere', async () => {
    const message = {
      ...first.messages[0],
      reasoning: null,
      citations: [],
      status: 'complete',
      error: null,
      deleted_at: null,
      model: null,
    } as FileChat['messages'][number]
    const at = 1_700_000_000_000
    const tree: FileChat = {
      ...first,
      title: 'Two\nlines',
      system_prompt: null,
      active_leaf_id: 'b',
      messages: [
        { ...message, id: 'a', parent_id: null, role: 'user', content: 'Ask', created_at: at },
        { ...message, id: 'b', parent_id: 'a', role: 'assistant', content: 'One', created_at: at + 1 },
        { ...message, id: 'c', parent_id: 'a', role: 'assistant', content: 'Two', created_at: at + 2 },
      ],
    }

    const text = (await collect(exportPieces(stream([tree]), { format: 'markdown', isSingle: true }))).join('')

    expect(text).toContain('# Two lines\n')
    expect(text).toContain('## you · 2023-11-14 22:13\n\nAsk\n\n## answer · 2023-11-14 22:13\n\nOne\n')
    expect(text).not.toContain('Two\n\n')
    expect(text).toContain('1 more message stands in another branch. The JSON export has all of them.')
  })
})

describe('chats as a page', () => {
  const page = async (content: string) => {
    const [message] = first.messages
    if (message === undefined) throw new Error('There is no message')
    const chat = { ...first, messages: [{ ...message, parent_id: null, deleted_at: null, content, reasoning: null }] }
    return (
      await collect(exportPieces(stream([{ ...chat, active_leaf_id: message.id }]), { format: 'html', isSingle: true }))
    ).join('')
  }

  test('say what of a chat stands in other branches', async () => {
    const [message] = first.messages
    if (message === undefined) throw new Error('There is no message')
    const messages = [
      { ...message, parent_id: null, deleted_at: null },
      ...['b', 'c'].map(id => ({ ...message, id, parent_id: message.id, deleted_at: null })),
      { ...message, id: 'd', parent_id: 'c', deleted_at: 5 },
    ]
    const chat = { ...first, messages, active_leaf_id: message.id }

    const html = (await collect(exportPieces(stream([chat]), { format: 'html', isSingle: true }))).join('')

    expect(html).toContain(
      '<p class="dim">2 more messages stand in other branches. The JSON export has all of them.</p>',
    )
  })

  test('set code apart, whatever of it stands in the code', async () => {
    const html = await page('Before\n````md\n```js\n<b>\n```\n````\nAfter\n```\nnever ended')

    expect(html).toContain(
      '<div class="text">Before</div><pre>````md\n```js\n&lt;b&gt;\n```\n````</pre><div class="text">After</div><pre>```\nnever ended</pre>',
    )
  })

  test('take no longer for fences that nothing ends', async () => {
    const spent = async (content: string) => {
      const before = process.threadCpuUsage().user
      await page(content)
      return process.threadCpuUsage().user - before
    }
    const length = 160_000
    await spent('```a\n'.repeat(length / 5))

    const [hostile, plain] = [await spent('```a\n'.repeat(length / 5)), await spent('word\n'.repeat(length / 5))]

    expect(hostile).toBeLessThan(20 * plain + 20_000)
  })
})

test('a text of 250,000 fences can be fenced itself', () => {
  expect(fence('``` '.repeat(250_000)).slice(0, 6)).toBe('````\n`')
})

test.each([
  ['../../etc/passwd', 'etc-passwd-2026-11-23.md'],
  ['CON', 'CON-2026-11-23.md'],
  ['<script>', 'script-2026-11-23.md'],
  ['漢字 und Ärger', '漢字-und-Ärger-2026-11-23.md'],
  ['…', 'chat-2026-11-23.md'],
])('a chat called %s makes a file called %s', (title, name) => {
  expect(exportName({ format: 'markdown', isSingle: true }, { nowMs: Date.UTC(2026, 10, 23), title }).name).toBe(name)
})
