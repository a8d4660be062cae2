import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/errors.ts'
import { seededRandom } from '../helpers/seeded-random.ts'
import {
  betterChatGpt,
  bigAgiBackup,
  chatbotUi,
  chatGptMessage,
  claudeChat,
  grok,
  libreChat,
  nextChatBackup,
  openWebUiRow,
  plainChatGpt,
  text,
} from './foreign-files.ts'
import { read } from './read-file.ts'

type Chance = { whole(most: number): number; oneOf<Value>(values: readonly Value[]): Value }
/** A node of a tree that may be none: what hangs on what is not there, on itself, or in a circle. */
type Node = { readonly id: string; readonly parent: string | null; readonly mark: string }

const NODES = 40

function chanceOf(seed: number): Chance {
  const random = seededRandom(seed)
  const whole = (most: number) => Math.floor(random() * most)
  return {
    whole,
    oneOf: values => {
      const value = values[whole(values.length)]
      if (value === undefined) throw new Error('There is nothing to choose from')
      return value
    },
  }
}

function nodesOf({ whole, oneOf }: Chance): readonly Node[] {
  return Array.from({ length: NODES }, (_, index) => {
    const parent = oneOf([`n${Math.max(0, index - 1)}`, `n${whole(NODES)}`, `n${whole(index + 1)}`, null, 'nobody'])
    return { id: `n${index}`, parent, mark: `mark${index}x` }
  })
}

const FORMATS: Readonly<Record<string, (nodes: readonly Node[], chance: Chance) => unknown>> = {
  chatgpt: (nodes, { oneOf }) => {
    const aside = { recipient: 'python' }
    const messageOf = (mark: string) =>
      oneOf([
        chatGptMessage('user', text(mark)),
        chatGptMessage('assistant', text(mark)),
        chatGptMessage('system', text(mark)),
        chatGptMessage('assistant', { content_type: 'thoughts', thoughts: [{ content: mark }] }),
        chatGptMessage('assistant', { content_type: 'code', language: 'python', text: mark }, aside),
        chatGptMessage('tool', { content_type: 'execution_output', text: mark }),
        chatGptMessage('tool', {
          content_type: 'multimodal_text',
          parts: [{ content_type: 'image_asset_pointer' }, mark],
        }),
        chatGptMessage('assistant', { content_type: 'hologram', mark }),
        chatGptMessage('user', text(mark), { metadata: { is_visually_hidden_from_conversation: true } }),
        chatGptMessage('assistant', text('')),
        null,
      ])
    const mapping = nodes.map(({ id, parent, mark }) => [id, { id, parent, message: messageOf(mark) }])
    return [plainChatGpt({ mapping: Object.fromEntries(mapping), current_node: oneOf(nodes).id })]
  },
  claude: (nodes, { oneOf }) => [
    claudeChat({
      chat_messages: nodes.map(({ id, parent, mark }) => ({
        uuid: id,
        parent_message_uuid: parent,
        sender: oneOf(['human', 'assistant', 'human', 'assistant', 'ghost']),
        ...oneOf([
          { text: mark },
          { text: '', content: [{ type: 'text', text: mark }] },
          { text: '', content: [{ type: 'thinking', thinking: mark }] },
          { text: '', content: [{ type: 'thinking', thinking: '', summaries: [{ summary: mark }] }] },
          { text: '', content: [{ type: 'tool_use', name: 'search', input: { mark } }] },
          { text: '', content: [{ type: 'tool_use', name: 'artifacts', input: { content: mark } }] },
          { text: '', content: [{ type: 'tool_result', content: [{ mark }] }] },
          { text: '', content: [{ type: 'hologram', mark }] },
          { text: '', attachments: [{ extracted_content: mark }] },
          { text: '', content: [] },
        ]),
      })),
    }),
  ],
  'open-webui': (nodes, { oneOf }) => {
    const messages = nodes.map(({ id, parent, mark }) => {
      const words = oneOf([
        { content: mark },
        { content: [{ type: 'text', text: mark }] },
        { content: `<details type="reasoning"><summary>T</summary>${mark}</details>` },
        { content: '', output: [{ type: 'reasoning', summary: [{ text: mark }] }] },
        { content: '', output: [{ type: 'function_call', name: 'f', arguments: mark }] },
        { content: '', output: [{ type: 'hologram', mark }] },
        { content: '' },
      ])
      return [id, { parentId: parent, role: oneOf(['user', 'assistant', 'system', 'ghost']), ...words }]
    })
    return [openWebUiRow({ chat: { history: { currentId: oneOf(nodes).id, messages: Object.fromEntries(messages) } } })]
  },
  librechat: (nodes, { oneOf }) =>
    libreChat({
      messages: nodes.map(({ id, parent, mark }) => ({
        messageId: id,
        parentMessageId: parent,
        isCreatedByUser: oneOf([true, false]),
        ...oneOf([
          { text: mark },
          { text: '', content: [{ type: 'text', text: mark }] },
          { text: mark, content: [{ type: 'text', text: { value: '' } }] },
          { text: '', content: [{ type: 'think', think: mark }] },
          { text: '', content: [{ type: 'tool_call', tool_call: { output: mark } }] },
          { text: '', content: [{ type: 'hologram', mark }] },
          { text: '' },
        ]),
      })),
    }),
  'big-agi': (nodes, { oneOf }) => ({
    id: 'b',
    messages: nodes.map(({ id, mark }) => ({
      id,
      role: oneOf(['user', 'assistant', 'system', 'ghost']),
      fragments: [
        {
          part: oneOf([
            { pt: 'text', text: mark },
            { pt: 'ma', aText: mark },
            { pt: 'doc', data: { text: mark } },
            { pt: 'error', error: mark },
            { pt: 'tool_response', response: mark },
          ]),
        },
      ],
    })),
  }),
}

describe('whatever hangs on whatever', () => {
  const cases = Object.keys(FORMATS).flatMap(format => [1, 2, 3, 4, 5, 6].map(seed => [format, seed] as const))

  test.each(cases)(
    'each word of a %s file is there once it is brought in, or its node is told of (seed %i)',
    async (format, seed) => {
      const chance = chanceOf(seed)
      const nodes = nodesOf(chance)
      const file = FORMATS[format]?.(nodes, chance)
      const isSaid = (mark: string) => JSON.stringify(file).includes(mark)

      const { chats, skipped } = await read(file)

      const words = JSON.stringify(chats)
      const told = new Set(skipped.map(({ node }) => node))
      const lost = nodes.filter(({ id, mark }) => isSaid(mark) && !words.includes(mark) && !told.has(id))
      expect(lost).toEqual([])
      expect(chats).toHaveLength(1)
    },
  )
})

const WEIRD: readonly unknown[] = [
  ...[null, 0, -1, 1e300, 9e15, '', 'x', '\ud800', '\0', '💥'.repeat(300), 'a'.repeat(5000), '2025-13-45T99:99'],
  ...[true, [], {}, [[]], [null, 'x', {}], { type: 'text' }, { toString: 1 }, { id: 1 }],
]
const FIXTURES: readonly unknown[] = [
  ...[[plainChatGpt()], plainChatGpt(), [claudeChat()], claudeChat(), [openWebUiRow()], libreChat(), bigAgiBackup],
  ...[nextChatBackup, betterChatGpt, betterChatGpt.chats, chatbotUi, grok],
]

/** Puts something else somewhere into a value. */
function damage(value: object, { whole, oneOf }: Chance): void {
  const [key, child] = oneOf(Object.entries(value))
  const isDeeper = typeof child === 'object' && child !== null && Object.keys(child).length > 0 && whole(6) > 0
  if (isDeeper) damage(child, { whole, oneOf })
  else if (whole(5) === 0) Reflect.deleteProperty(value, key)
  else Reflect.set(value, key, structuredClone(oneOf(WEIRD)))
}

test.each([1, 2, 3])(
  'a damaged file makes chats that every store takes, or is refused in words (seed %i)',
  async seed => {
    const chance = chanceOf(seed)
    let chats = 0
    for (let round = 0; round < 1000; round++) {
      const file = Object(structuredClone(chance.oneOf(FIXTURES)))
      for (let times = 1 + chance.whole(3); times > 0; times--) if (Object.keys(file).length > 0) damage(file, chance)

      const found = await read(file).catch((error: unknown) => {
        if (error instanceof AppError) return { chats: [] }
        throw error
      })
      chats += found.chats.length
    }

    expect(chats).toBeGreaterThan(500)
  },
)
