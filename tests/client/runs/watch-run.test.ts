import { expect, test } from 'vitest'
import type { Message } from '#shared/records.ts'
import type { Endpoints } from '../../../client/api/endpoints.ts'
import { createRunRegistry } from '../../../client/runs/run-registry.ts'
import { watchRun } from '../../../client/runs/watch-run.ts'

const ANSWER = {
  id: 'answer',
  conversation_id: 'chat',
  parent_id: 'question',
  role: 'assistant',
  content: '',
  reasoning: null,
  attachments: [],
  citations: [],
  model: 'manual/manual',
  status: 'streaming',
  finish_reason: null,
  error: null,
  run_id: 'run',
  tokens_input: null,
  tokens_output: null,
  tokens_cache_read: null,
  tokens_cache_write: null,
  tokens_reasoning: null,
  cost_nanousd: null,
  price_state: null,
  device_id: null,
  created_at: 1,
  first_token_at: null,
  first_text_at: null,
  finished_at: null,
  rev: 1,
} as const satisfies Message

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

async function watchStream(text: string) {
  const registry = createRunRegistry()
  /** For each change of what is shown: whether the answer is live, and how its row stands. */
  const shown: string[] = []
  let end: Message | null = null
  const stop = registry.live.subscribe(live => shown.push(live.has('answer') ? 'live' : (end?.status ?? 'empty')))
  const endpoints: Pick<Endpoints, 'runEvents'> = { runEvents: async () => ({ ok: true, value: new Response(text) }) }
  const ended = await watchRun(
    {
      endpoints,
      registry,
      messages: {
        putEnd(message) {
          end = message
        },
      },
      clock: { now: () => 0 },
      random: () => 0.5,
      pause: (delayMs, signal) =>
        delayMs < 35_000
          ? Promise.resolve('elapsed')
          : new Promise(resolve => signal.addEventListener('abort', () => resolve('stopped'))),
      sight: alive => Promise.resolve(alive),
    },
    ANSWER,
    new AbortController().signal,
  )
  stop()
  return { ended, shown }
}

test('the stored record takes the place of the live text in one step', async () => {
  const done = { ...ANSWER, content: 'All of it', status: 'complete' }

  const { ended, shown } = await watchStream(event('token', { text: 'All' }) + event('done', { message: done }))

  expect(ended).toMatchObject({ content: 'All of it', status: 'complete' })
  expect(shown).toEqual(['empty', 'live', 'complete'])
})

test('an answer that failed keeps what came, until its row says the same', async () => {
  const failure = { code: 'rate-limited', message: 'Too many requests.', retryable: true, message_id: 'answer' }

  const { ended } = await watchStream(event('token', { text: 'Half of it' }) + event('error', failure))

  expect(ended).toMatchObject({ content: 'Half of it', status: 'error', error: { code: 'rate-limited' } })
})
