import { makeId } from '#shared/ids.ts'
import type { FileChat, FileMessage } from '#shared/transfer/file-format.ts'
import { seededRandom } from '../helpers/seeded-random.ts'

const TEXTS = [
  'Hello',
  '',
  'Ünïcödé 漢字 👩‍👩‍👧 \u202e hidden',
  '```js\nconst a = `1`\n```\n',
  '<script>alert(1)</script> & "quotes" \\ \u2028 \u0007',
  '</script><!-- ]]> {"id": [1,2,{}]}',
  `${'long '.repeat(400)}end`,
]
const STATUSES = ['complete', 'cancelled', 'interrupted', 'error'] as const

/** Conversations of every make, the same ones for the same seed, in the order of their ids. */
export function randomChats(seed: number, count: number): readonly FileChat[] {
  const random = seededRandom(seed)
  const whole = (most: number) => Math.floor(random() * most)
  const oneOf = <Value>(values: readonly Value[]): Value => {
    const value = values[whole(values.length)]
    if (value === undefined) throw new Error('There is nothing to choose from')
    return value
  }
  const maybe = <Value>(value: Value): Value | null => (random() < 0.4 ? null : value)
  const time = () => 1_500_000_000_000 + whole(250_000_000_000)
  const newId = (at: number) => makeId(at, length => Uint8Array.from({ length }, () => whole(256)))

  function message(id: string, parent_id: string | null, created_at: number): FileMessage {
    const status = oneOf(STATUSES)
    const role = oneOf(['user', 'assistant', 'assistant', 'system'] as const)
    return {
      id,
      parent_id,
      role,
      content: oneOf(TEXTS),
      reasoning: maybe('Thought\nabout it'),
      attachments: random() < 0.2 ? [newId(created_at)] : [],
      citations:
        random() < 0.3
          ? [{ url: 'https://example.org/?a=1&b', title: maybe('A <title>'), quote: null, start: 0, end: 4.5 }]
          : [],
      model: maybe('openai/gpt-5.2'),
      status,
      finish_reason: maybe('stop' as const),
      error:
        status === 'error'
          ? { code: 'provider-failed', message: 'No.', ...(random() < 0.5 ? { field: 'x' } : {}), retryable: true }
          : null,
      tokens_input: maybe(whole(1e9)),
      tokens_output: maybe(0),
      tokens_cache_read: maybe(whole(100)),
      tokens_cache_write: null,
      tokens_reasoning: maybe(5),
      cost_nanousd: maybe(whole(1e12)),
      price_state: maybe(oneOf(['reported', 'estimated', 'unpriced'] as const)),
      device_id: maybe(newId(created_at)),
      created_at,
      first_token_at: maybe(created_at + 5),
      first_text_at: maybe(created_at + 7),
      finished_at: maybe(created_at + 900),
      deleted_at: random() < 0.1 ? created_at + 5000 : null,
    }
  }

  function chat(): FileChat {
    const created_at = time()
    const messages: FileMessage[] = []
    for (let index = whole(12); index > 0; index--) {
      const at = created_at + whole(100_000)
      messages.push(message(newId(at), messages.length === 0 ? null : maybe(oneOf(messages).id), at))
    }
    return {
      id: newId(created_at),
      title: oneOf(TEXTS.filter(text => text !== '' && text.length < 300)),
      model: maybe('anthropic/claude'),
      system_prompt: maybe('Be brief.\nAlways.'),
      params: {
        ...(random() < 0.5 ? { temperature: 0.7 } : {}),
        ...(random() < 0.5 ? { reasoning: 'high' as const } : {}),
        ...(random() < 0.5 ? { max_output_tokens: 1000 } : {}),
      },
      tags: [...new Set([oneOf(['work', 'home', 'ärger']), oneOf(['zeta', 'work'])])].sort().slice(0, whole(3)),
      active_leaf_id: messages.length === 0 ? null : maybe(oneOf(messages).id),
      pinned_at: maybe(time()),
      archived_at: maybe(time()),
      deleted_at: random() < 0.2 ? time() : null,
      created_at,
      updated_at: created_at + whole(1_000_000),
      messages: messages.sort((left, right) => left.created_at - right.created_at || (left.id < right.id ? -1 : 1)),
    }
  }

  return Array.from({ length: count }, chat).sort((left, right) => (left.id < right.id ? -1 : 1))
}
