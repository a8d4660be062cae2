import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { NO_TOKENS, type TokenBuckets } from '#shared/records.ts'
import { PRICE_LIST_VERSION } from '../../server/providers/pricing/listed-prices.ts'
import { namesModel } from '../../server/providers/pricing/model-names.ts'
import { priceCall, priceOfModel, sumPicousd } from '../../server/providers/pricing/price-call.ts'
import { priceAt } from '../../server/providers/pricing/rates.ts'
import type { Usage } from '../../server/providers/usage.ts'

/** Made with decimal arithmetic outside this project from prices typed in by hand; `working` is what was added up. */
type GoldenCase = {
  readonly name: string
  /** The recording that `raw` was taken from. */
  readonly recording: string | null
  readonly provider: string
  readonly model: string
  readonly served_model: string | null
  readonly at: string
  readonly service_tier: string | null
  readonly reported_usd: string | null
  readonly raw: unknown
  readonly tokens: Partial<TokenBuckets>
  readonly working: readonly (readonly [count: number, usdPerMillion: string])[]
  readonly picousd: string
  readonly cost_nanousd: number
  readonly version: string
}

const RECORDINGS = new URL('../../../shared/fixtures/providers/', import.meta.url)
const NOON = Date.parse('2026-11-20T12:00:00Z')
const golden: readonly GoldenCase[] = readJson(new URL('golden/prices.json', import.meta.url))

describe('hand-made sums', () => {
  test.each(golden.map(each => [each.name, each] as const))('%s', (_name, each) => {
    const usage: Usage = {
      tokens: { ...NO_TOKENS, ...each.tokens },
      raw: each.raw,
      serviceTier: each.service_tier,
      reportedPicousd: each.reported_usd === null ? null : BigInt(each.picousd),
    }

    const price = priceCall({
      source: { kind: 'listed', providerId: each.provider },
      model: each.model,
      servedModel: each.served_model,
      usage,
      at: Date.parse(each.at),
    })

    expect(price.costNanousd).toBe(each.cost_nanousd)
    expect(String(sumPicousd(price.lines ?? []))).toBe(each.picousd)
    expect(price.state).toBe('reported')
    expect(price.version).toBe(each.version)
  })

  const recorded = golden.filter(each => each.recording !== null)
  // The recordings lie beside the project, not in it.
  if (existsSync(RECORDINGS)) {
    test.each(recorded.map(each => [each.recording, each] as const))(
      'the usage of %s is as it was recorded',
      (recording, each) => {
        expect(recordedUsage(recording ?? '')).toEqual(each.raw)
      },
    )
  }
})

describe('unpriced, never zero and never a guess', () => {
  test.each([
    ['a model nobody lists', 'openai', 'gpt-99-nova', null],
    ['a relative that shares the beginning of a name', 'anthropic', 'claude-sonnet-5-7', null],
    ['one of our own rows before its first day', 'anthropic', 'claude-sonnet-5-5', '2026-09-27'],
    ['a relative behind a dated name', 'anthropic', 'claude-haiku-4-5-turbo-20260101', null],
    ['a preview of another name', 'google', 'gemini-2.5-pro-preview-99', null],
    ['a model billed by the picture', 'google', 'gemini-2.5-flash-image', null],
    ['a provider the list does not know', 'nobody', 'gpt-4o', null],
    ['a provider whose name only resembles a listed one', 'my-anthropic', 'claude-haiku-4-5', null],
  ])('%s', (_name, providerId, model, day) => {
    const price = call({ input: 1_000, output: 10 }, { providerId, model, at: day ? Date.parse(day) : NOON })

    expect(price).toEqual({ costNanousd: null, state: 'unpriced', version: null, lines: null })
  })

  test('the served model alone decides, also when only the asked one has a price', () => {
    const price = call({ input: 1 }, { providerId: 'openai', model: 'gpt-4o', servedModel: 'gpt-4o-secret' })

    expect(price.state).toBe('unpriced')
  })

  test('a tier whose price is not known', () => {
    expect(call({ input: 1 }, { model: 'gpt-5', serviceTier: 'ultrafast' }).state).toBe('unpriced')
    expect(call({ input: 1 }, { model: 'gpt-5.4-nano', serviceTier: 'priority' }).state).toBe('unpriced')
    expect(call({ input: 1 }, { providerId: 'groq', model: 'llama-3.3-70b-versatile', serviceTier: 'x' }).state).toBe(
      'unpriced',
    )
  })

  test('a kind of token that the model has no price for', () => {
    expect(call({ input: 1, cache_write_12h: 5 }, { model: 'gpt-6-sol' }).state).toBe('unpriced')
    expect(call({ input: 1, input_audio: 5 }, { model: 'gpt-4o' }).state).toBe('unpriced')
  })

  test.each([[{ input: -1 }], [{ input: 1.5 }], [{ output: Number.NaN }], [{ output: Number.MAX_SAFE_INTEGER + 1 }]])(
    'counts that cannot be: %o',
    tokens => {
      expect(call(tokens, { model: 'gpt-4o' }).state).toBe('unpriced')
    },
  )

  test('a negative cost from a provider', () => {
    expect(call({ input: 1 }, { model: 'gpt-4o', reportedPicousd: -1n }).state).toBe('unpriced')
  })
})

test('a free provider costs nothing by rule', () => {
  const usage: Usage = { tokens: { ...NO_TOKENS, input: 5 }, raw: {}, serviceTier: null, reportedPicousd: null }
  const options = { model: 'qwen3:4b', servedModel: null, usage, at: NOON }

  expect(priceCall({ source: { kind: 'free' }, ...options })).toEqual({
    costNanousd: 0,
    state: 'reported',
    version: 'free',
    lines: [],
  })
  expect(priceCall({ source: { kind: 'unknown' }, ...options }).costNanousd).toBeNull()
})

test('the lines of any call add up to its cost, rounded half-even once', () => {
  const models = ['gpt-5.6-sol', 'gpt-5-nano', 'gpt-4o-mini', 'gpt-6.1-terra']
  const next = sequence(20_261_123)
  for (let round = 0; round < 500; round++) {
    const tokens = { input: next(400_000), cache_read: next(9_999), output: next(99_999), reasoning: next(999) }
    const serviceTier = ['default', 'flex', 'priority'][next(3)] ?? null
    const model = models[next(models.length)] ?? 'gpt-5-nano'

    const price = call(tokens, { model, serviceTier: model === 'gpt-5-nano' ? 'flex' : serviceTier })

    const picousd = (price.lines ?? []).reduce((sum, line) => sum + BigInt(line.count) * BigInt(line.unit_picousd), 0n)
    const off = picousd - BigInt(price.costNanousd ?? -1) * 1_000n
    expect(off >= -500n && off <= 500n).toBe(true)
    if (off === 500n || off === -500n) expect((price.costNanousd ?? 1) % 2).toBe(0)
  }
})

describe('limits of long prompts', () => {
  const tiered = (start: number) => ({ base: 1, tiers: [{ start, price: 2 }] })

  test.each([
    [272_000, 272_000, 1],
    [272_000, 272_001, 2],
    [271_999, 272_000, 1],
    [271_999, 272_001, 2],
    [199_999, 200_000, 1],
    [512_000, 512_001, 2],
  ])('a list limit of %i and %i tokens in: $%i', (start, total, usd) => {
    expect(priceAt(tiered(start), total)).toBe(usd)
  })
})

describe('prices in a listing', () => {
  test.each([
    ['openai', 'gpt-5.6-sol', { input: 4, output: 20, cache_read: 0.4, cache_write: 5 }],
    ['openai', 'gpt-4o-2024-08-06', { input: 2.5, output: 10, cache_read: 1.25, cache_write: null }],
    ['anthropic', 'claude-haiku-4-5', { input: 1, output: 5, cache_read: 0.1, cache_write: 1.25 }],
    ['anthropic', 'claude-3-5-haiku-20241022', { input: 0.8, output: 4, cache_read: 0.08, cache_write: 1 }],
    ['anthropic', 'claude-haiku-5-5', { input: 0.1, output: 0.5, cache_read: 0.01, cache_write: 0.125 }],
    ['google', 'models/gemini-2.5-flash', { input: 0.3, output: 2.5, cache_read: 0.03, cache_write: null }],
    ['openai', 'text-embedding-3-small', null],
    ['anthropic', 'claude-sonnet-5-7', null],
  ])('%s %s', (providerId, model, price) => {
    expect(priceOfModel({ kind: 'listed', providerId }, model, NOON)).toEqual(price)
  })

  test('free and unknown sources', () => {
    expect(priceOfModel({ kind: 'free' }, 'x', NOON)).toEqual({ input: 0, output: 0, cache_read: 0, cache_write: 0 })
    expect(priceOfModel({ kind: 'unknown' }, 'gpt-4o', NOON)).toBeNull()
  })
})

test('an entry names a model by its id and by what its patterns spell out, not by a mere beginning', () => {
  const entry = {
    id: 'claude-sonnet-4-0',
    match: { or: [{ equals: 'claude-sonnet-4' }, { starts_with: 'claude-sonnet-4-2025' }] },
  }

  expect(namesModel(entry, 'claude-sonnet-4-20250514')).toBe(true)
  expect(namesModel(entry, 'claude-sonnet-4-0')).toBe(true)
  expect(namesModel(entry, 'claude-sonnet-4-2025-fast')).toBe(false)
})

test('the version kept with each cost is that of the installed price list', () => {
  const installed = readJson<{ version: string }>(
    new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url),
  )

  expect(PRICE_LIST_VERSION).toContain(`genai-prices@${installed.version} (`)
})

function call(
  tokens: Partial<TokenBuckets>,
  options: {
    readonly model: string
    readonly providerId?: string
    readonly servedModel?: string
    readonly serviceTier?: string | null
    readonly reportedPicousd?: bigint
    readonly at?: number
  },
) {
  return priceCall({
    source: { kind: 'listed', providerId: options.providerId ?? 'openai' },
    model: options.model,
    servedModel: options.servedModel ?? null,
    usage: {
      tokens: { ...NO_TOKENS, ...tokens },
      raw: {},
      serviceTier: options.serviceTier ?? null,
      reportedPicousd: options.reportedPicousd ?? null,
    },
    at: options.at ?? NOON,
  })
}

/** A repeatable run of numbers below each limit (a linear congruence), so that a failure can be run again. */
function sequence(seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * limit)
  }
}

function recordedUsage(recording: string): unknown {
  const [category = '', id] = recording.split('/')
  const index = readJson<readonly { id: string; expected?: { usage?: unknown; raw?: { usage?: unknown } } }[]>(
    new URL(`${category}/index.json`, RECORDINGS),
  )
  const expected = index.find(entry => entry.id === id)?.expected
  return expected?.usage ?? expected?.raw?.usage
}

function readJson<T>(url: URL): T {
  return JSON.parse(readFileSync(url, 'utf8'))
}
