import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/errors.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import { createManualProvider, type Pause } from '../../server/providers/manual/manual-provider.ts'
import { splitSections } from '../../server/providers/manual/manual-sections.ts'
import type { ProviderEvent, ProviderRequest } from '../../server/providers/provider.ts'

const manual = readFileSync(new URL('../../client/public/manual.md', import.meta.url), 'utf8')
const noPause: Pause = () => Promise.resolve()
const never = new AbortController().signal

describe('answers with the section that was asked for', () => {
  test.each([
    ['How do I add an OpenAI key?', 'Add an OpenAI key'],
    ['anthropic api key', 'Add an Anthropic key'],
    ['Does it work with Ollama?', 'Ollama and local models'],
    ['can i use OpenRouter or vllm', 'Compatible servers: OpenRouter, Groq, Mistral, vLLM, llama.cpp and others'],
    ['How do I back up my database?', 'Back up and restore'],
    ['How can I stop an answer?', 'Ask, and stop an answer'],
    ['what happens when I lock my phone', 'Leave and come back'],
    ['What does unpriced mean?', 'What an answer costs'],
    ['show me curl examples for the API', 'API with curl'],
    ['How is my privacy protected?', 'Privacy and security'],
    ['which port does it listen on', 'Settings of the server'],
    ['the key was rejected', 'When something goes wrong'],
    ['What is LLM Router?', 'What LLM Router is'],
    ['where is my data stored?', 'Back up and restore'],
    ['how much does it cost', 'What an answer costs'],
    ['is it private?', 'Privacy and security'],
  ])('%s', async (question, title) => {
    const text = await answer(question)

    expect(/^##+ (.+)$/m.exec(text)?.[1]).toBe(title)
  })

  test.each([['Write a poem about the sea'], ['hello'], ['¿Cuál es la capital de Francia?'], ['你好'], ['???'], ['']])(
    'says what it is when asked something else: %j',
    async question => {
      const text = await answer(question)

      expect(text).toContain('not a language model')
      expect(text).toContain('costs nothing')
      expect(text).toContain('- Back up and restore')
    },
  )

  test('looks at the last question only', async () => {
    const text = await answer('How do I back up?', [
      { role: 'user', content: 'How do I add an OpenAI key?' },
      { role: 'assistant', content: 'Make a key …' },
    ])

    expect(text).toMatch(/^## Back up and restore/)
  })

  test('every answer is labelled', async () => {
    expect(await answer('backup')).toContain('From the built-in manual: no language model, free.')
  })
})

describe('stream', () => {
  test('gives one word a piece with a pause before each, then usage and the end', async () => {
    const pauses: number[] = []
    const provider = createManualProvider({
      manual: '## Tea\n\nHot  water,\nleaves.',
      pause: ms => Promise.resolve(void pauses.push(ms)),
    })

    const events = await read(provider.stream(request('tea'), never))

    const words = events.filter(event => event.type === 'text').map(event => event.text)
    expect(words.slice(0, 5)).toEqual(['## ', 'Tea\n\n', 'Hot  ', 'water,\n', 'leaves.\n\n'])
    expect(pauses).toEqual(words.map(() => 45))
    expect(events.slice(0, 2)).toEqual([
      { type: 'accepted', requestId: null },
      { type: 'served-model', model: 'manual' },
    ])
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
    expect(events.at(-2)).toMatchObject({
      usage: {
        tokens: { input: estimateTokens('\ntea'), output: estimateTokens(words.join('')) },
        raw: { source: 'manual' },
        reportedPicousd: null,
      },
    })
  })

  test('ends in silence when it is stopped', async () => {
    const stop = new AbortController()
    const pause: Pause = () => Promise.resolve()
    const events: ProviderEvent[] = []

    for await (const batch of createManualProvider({ manual, pause }).stream(request('backup'), stop.signal)) {
      events.push(...batch)
      if (events.length === 5) stop.abort()
    }

    expect(events.map(event => event.type)).toEqual(['accepted', 'served-model', 'text', 'text', 'text'])
  })

  test('its own pause ends at once when it is stopped', async () => {
    const stop = new AbortController()
    const stream = createManualProvider({ manual }).stream(request('backup'), stop.signal)[Symbol.asyncIterator]()
    await stream.next()

    const next = stream.next()
    stop.abort()

    expect(await next).toEqual({ done: true, value: undefined })
  })

  test('yields nothing when it was stopped before it began', async () => {
    expect(await read(createManualProvider({ manual }).stream(request('backup'), AbortSignal.abort()))).toEqual([])
  })

  test('knows one model', async () => {
    const provider = createManualProvider({ manual })

    expect((await provider.listModels(never)).map(({ id, price }) => [id, price?.output])).toEqual([
      ['manual/manual', 0],
    ])
    await expect(read(provider.stream({ ...request('x'), model: 'gpt-4o' }, never))).rejects.toSatisfy(
      error => error instanceof AppError && error.code === 'unknown-model',
    )
  })
})

test('a heading inside code starts no section', () => {
  const sections = splitSections('# Title\nintro\n## One\n```\n## not one\n```\n### Two\r\ntext')

  expect(sections).toEqual([
    { title: 'One', text: '## One\n```\n## not one\n```' },
    { title: 'Two', text: '### Two\ntext' },
  ])
})

async function answer(question: string, before: ProviderRequest['messages'] = []): Promise<string> {
  const provider = createManualProvider({ manual, pause: noPause })
  const asked = request(question)
  const events = await read(provider.stream({ ...asked, messages: [...before, ...asked.messages] }, never))
  return events.map(event => (event.type === 'text' ? event.text : '')).join('')
}

function request(content: string): ProviderRequest {
  return {
    model: 'manual',
    system: null,
    messages: [{ role: 'user', content }],
    temperature: null,
    reasoning: null,
    maxOutputTokens: null,
    conversationId: 'c',
    idempotencyKey: 'k',
  }
}

async function read(stream: AsyncIterable<readonly ProviderEvent[]>): Promise<readonly ProviderEvent[]> {
  const events: ProviderEvent[] = []
  for await (const batch of stream) events.push(...batch)
  return events
}
