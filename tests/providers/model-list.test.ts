import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '#shared/errors.ts'
import type { Model } from '#shared/models.ts'
import type { Log } from '../../server/log.ts'
import { createManualProvider } from '../../server/providers/manual/manual-provider.ts'
import { createModelCatalogue } from '../../server/providers/model-catalogue.ts'
import { createModelList } from '../../server/providers/model-list.ts'
import type { Provider } from '../../server/providers/provider.ts'
import { createProviderHealth } from '../../server/providers/provider-health.ts'
import { createRefusedParametersFile } from '../../server/providers/refused-parameters.ts'
import type { PriceSource } from '../../server/providers/usage.ts'

const clock = { now: () => Date.parse('2026-11-20T12:00:00Z') }
const health = createProviderHealth({ clock: { now: () => 0 } })
const catalogue = createModelCatalogue({ clock })
const OPENAI: PriceSource = { kind: 'listed', providerId: 'openai' }
const manual = createManualProvider({ manual: '## One\n\ntext' })

let folder: string
let cachePath: string
let events: string[]
let log: Log

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'model-list-'))
  cachePath = join(folder, 'data', 'models.json')
  events = []
  const note = (event: string) => void events.push(event)
  log = { info: note, warn: note, error: note }
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('list', () => {
  test('answers before any provider was asked, from the catalogue, with the manual', () => {
    const list = createList([provider('openai', OPENAI), provider('mine', { kind: 'unknown' }), manual])

    const models = list.list()

    expect(models[0]).toEqual({
      id: 'openai/gpt-6.1-sol',
      provider: 'openai',
      name: 'GPT-6.1 Sol',
      context_window: 1_050_000,
      max_output_tokens: 128_000,
      price: { input: 2, output: 10, cache_read: 0.1, cache_write: 2.5 },
      abilities: { vision: true, pdf: true, reasoning: true, temperature: false },
      source: 'catalogue',
    })
    expect(models.at(-1)?.id).toBe('manual/manual')
    expect(models.filter(model => model.provider === 'mine')).toEqual([])
  })

  test('completes what a provider lists and keeps what it says itself', async () => {
    const list = createList([
      provider('openai', OPENAI, [
        live('openai/gpt-4o-2024-08-06', { abilities: { vision: false } }),
        live('openai/gpt-99', { name: 'GPT 99', context_window: 5 }),
      ]),
    ])

    await list.refresh()

    expect(list.list()).toEqual([
      {
        ...live('openai/gpt-4o-2024-08-06'),
        name: 'GPT-4o',
        context_window: 128_000,
        max_output_tokens: 16_384,
        price: { input: 2.5, output: 10, cache_read: 1.25, cache_write: null },
        abilities: { vision: false, pdf: true, reasoning: false, temperature: true },
      },
      { ...live('openai/gpt-99'), name: 'GPT 99', context_window: 5 },
    ])
  })

  test('puts current models first, in our order, and dated names of listed ones last', async () => {
    const ids = ['gpt-4o-2024-08-06', 'zeta', 'gpt-4o', 'alpha', 'gpt-6-luna', 'gpt-4-0613', 'gpt-5-2025-08-07']
    const list = createList([
      provider(
        'openai',
        OPENAI,
        ids.map(id => live(`openai/${id}`)),
      ),
    ])

    await list.refresh()

    expect(list.list().map(({ id }) => id.replace('openai/', ''))).toEqual([
      'gpt-6-luna',
      'gpt-5-2025-08-07',
      'gpt-4o',
      'zeta',
      'alpha',
      'gpt-4-0613',
      'gpt-4o-2024-08-06',
    ])
  })

  test('models on the own machine are free, in the order of their server', async () => {
    const list = createList([provider('ollama', { kind: 'free' }, [live('ollama/qwen3:4b'), live('ollama/a')])])

    await list.refresh()

    expect(list.list().map(({ id, price }) => [id, price?.output])).toEqual([
      ['ollama/qwen3:4b', 0],
      ['ollama/a', 0],
    ])
  })

  test('a provider on the price list without a list of its own shows what the price list can price', () => {
    const models = createList([provider('deep', { kind: 'listed', providerId: 'deepseek' })]).list()

    expect(models.map(({ id }) => id)).toContain('deep/deepseek-v4-pro')
    expect(models.every(({ price }) => price !== null)).toBe(true)
  })

  test('an empty listing brings the catalogue back', async () => {
    const list = createList([provider('openai', OPENAI, [])])

    await list.refresh()

    expect(list.list()[0]?.source).toBe('catalogue')
  })
})

describe('refresh', () => {
  test('one provider that fails neither loses its list nor disturbs the others', async () => {
    const broken = provider('a', { kind: 'free' }, [live('a/one')])
    const sound = provider('b', { kind: 'free' }, [live('b/one')])
    const list = createList([broken, sound])
    await list.refresh()
    broken.answer = () => Promise.reject(new AppError('provider-unreachable', 'It is off.'))
    sound.answer = () => Promise.resolve([live('b/two')])

    await list.refresh()

    expect(list.list().map(({ id }) => id)).toEqual(['a/one', 'b/two'])
    expect(events).toEqual(['models-not-listed'])
  })

  test('a provider that does not answer is given up after its time', async () => {
    const silent = provider('a', { kind: 'free' })
    silent.answer = signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const list = createList([silent, provider('b', { kind: 'free' }, [live('b/one')])], { timeoutMs: 1 })

    await list.refresh()

    expect(list.list().map(({ id }) => id)).toEqual(['b/one'])
  })

  test('two at once ask each provider once', async () => {
    const asked = provider('a', { kind: 'free' }, [live('a/one')])
    const list = createList([asked])

    await Promise.all([list.refresh(), list.refresh()])

    expect(asked.calls).toBe(1)
  })

  test('a cache that cannot be written keeps the list in memory', async () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be')
    const list = createList([provider('a', { kind: 'free' }, [live('a/one')])])

    await list.refresh()

    expect(list.list().map(({ id }) => id)).toEqual(['a/one'])
    expect(events).toEqual(['model-cache-not-written'])
  })
})

describe('cache', () => {
  test('a restart shows the last list while the provider is silent, and nothing of one that is gone', async () => {
    const first = createList([
      provider('a', { kind: 'free' }, [live('a/one')]),
      provider('gone', { kind: 'free' }, [live('gone/one')]),
    ])
    await first.refresh()
    const silent = provider('a', { kind: 'free' })
    const asked = Promise.withResolvers<void>()
    silent.answer = signal => {
      asked.resolve()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }

    const second = createList([silent])
    second.start()
    await asked.promise
    const shown = second.list().map(({ id }) => id)
    second.stop()

    expect(shown).toEqual(['a/one'])
    expect(readdirSync(join(folder, 'data'))).toEqual(['models.json'])
  })

  test.each([['{"version":1,'], ['{"version":2,"providers":{}}'], ['{"version":1,"providers":{"a":[{"id":1}]}}']])(
    'one that cannot be read is fetched again: %s',
    async text => {
      const path = join(folder, 'models.json')
      writeFileSync(path, text)
      const asked = provider('a', { kind: 'free' }, [live('a/one')])
      const list = createModelList({ providers: [asked], cachePath: path, catalogue, health, log })

      list.start()
      await expect.poll(() => list.list().map(({ id }) => id)).toEqual(['a/one'])
      await list.refresh()
      list.stop()

      expect(events).toEqual(['model-cache-not-read'])
      expect(JSON.parse(readFileSync(path, 'utf8')).providers.a).toEqual([live('a/one')])
    },
  )

  test('stopping ends what it waits for and writes nothing more', async () => {
    const silent = provider('a', { kind: 'free' })
    silent.answer = signal => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const list = createList([silent])
    const refreshed = list.refresh()

    list.stop()
    await refreshed

    expect(readdirSync(folder)).toEqual([])
    expect(events).toEqual([])
  })
})

describe('refused parameters', () => {
  test('are kept over a restart, by provider and model', async () => {
    const path = join(folder, 'refused.json')
    const first = createRefusedParametersFile(path, log)
    first.of('openai').add('o3', 'temperature')
    first.of('openai').add('o3', 'top_p')
    first.of('openai').add('o3', 'temperature')
    await first.saved()

    const second = createRefusedParametersFile(path, log)

    expect(second.of('openai').has('o3', 'temperature')).toBe(true)
    expect(second.of('openai').has('o3', 'top_p')).toBe(true)
    expect(second.of('openai').has('o1', 'temperature')).toBe(false)
    expect(second.of('other').has('o3', 'temperature')).toBe(false)
    expect(readdirSync(folder)).toEqual(['refused.json'])
  })

  test('are known at once, also when they cannot be written', async () => {
    const file = createRefusedParametersFile(join(folder, 'refused.json', 'below-a-file'), log)
    writeFileSync(join(folder, 'refused.json'), '')

    file.of('a').add('m', 'think')
    await file.saved()

    expect(file.of('a').has('m', 'think')).toBe(true)
    expect(events).toContain('refused-parameters-not-written')
  })

  test('a file that cannot be read counts as empty', () => {
    writeFileSync(join(folder, 'refused.json'), '{"openai/o3":"temperature"}')

    expect(createRefusedParametersFile(join(folder, 'refused.json'), log).of('openai').has('o3', 'temperature')).toBe(
      false,
    )
    expect(events).toEqual(['refused-parameters-not-read'])
  })

  test('read no file before they are asked', () => {
    createRefusedParametersFile(folder, log).of('openai')

    expect(events).toEqual([])
  })
})

function createList(providers: readonly Provider[], options: { readonly timeoutMs?: number } = {}) {
  return createModelList({ providers, cachePath, catalogue, health, log, ...options })
}

type FakeProvider = Provider & { answer: (signal: AbortSignal) => Promise<readonly Model[]>; calls: number }

function provider(id: string, prices: PriceSource, models: readonly Model[] = []): FakeProvider {
  return {
    id,
    name: id,
    prices,
    calls: 0,
    answer: () => Promise.resolve(models),
    // biome-ignore lint/correctness/useYield: nobody asks a fake that only lists
    async *stream() {
      throw new Error('not asked for')
    },
    listModels(signal) {
      this.calls++
      return this.answer(signal)
    },
  }
}

function live(id: string, facts: Partial<Model> = {}): Model {
  const [provider = '', ...name] = id.split('/')
  return {
    id,
    provider,
    name: name.join('/'),
    context_window: null,
    max_output_tokens: null,
    price: null,
    abilities: {},
    source: 'live',
    ...facts,
  }
}
