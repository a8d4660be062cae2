import { Worker } from 'node:worker_threads'
import { Tiktoken } from 'js-tiktoken/lite'
import ranks from 'js-tiktoken/ranks/o200k_base'
import { describe, expect, test } from 'vitest'
import { correctTokens } from '#shared/correct-tokens.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import { createTokenizer, cut } from '#shared/tokenizer.ts'
import { createTokenCounter } from '../../server/providers/tokens/token-counter.ts'

const plain = new Tiktoken(ranks)
// Making one takes half a second, so the tests share it; they look only at what they add to it.
const tokenizer = createTokenizer(ranks)
const PROSE = 'The Pi at home holds the keys; each answer is saved before you see it. Zażółć gęślą jaźń!\n'

describe('tokenizer', () => {
  test.each([
    ['prose', PROSE.repeat(20)],
    [
      'Markdown',
      '# Title\n\n- one **bold** `code` [link](https://example.org/a?b=c)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
    ],
    ['code', 'export const sum = (a: number, b: number): number => a + b // adds\n'.repeat(10)],
    ['Chinese', '人人生而自由,在尊严和权利上一律平等。'],
    ['emoji', '👍🏽 done 🎉 ❤️'],
    ['what looks like a special token', 'a <|endoftext|> b'],
    ['nothing', ''],
  ])('counts %s as the encoding itself does', (_name, text) => {
    expect(tokenizer.count(text)).toBe(plain.encode(text, [], []).length)
  })

  test.each([['a'], ['='], [' '], ['\n'], ['中'], ['😀'], ['A'], ['é']])(
    'gives 100,000 times %j to the encoder only in short pieces, each once',
    character => {
      const before = tokenizer.encodedUnits

      const tokens = tokenizer.count(character.repeat(100_000))

      expect(tokens).toBeGreaterThan(1_000)
      expect(tokenizer.encodedUnits - before).toBeLessThan(64 * 8)
    },
  )

  test('works in proportion to a megabyte of text that never repeats', () => {
    const words = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) => ((from + index) * 2_654_435_761).toString(36)).join(' ')
    const start = tokenizer.encodedUnits

    tokenizer.count(words(10_000, 0))
    const small = tokenizer.encodedUnits - start
    tokenizer.count(words(100_000, 10_000))
    const large = tokenizer.encodedUnits - start - small

    expect(large / small).toBeLessThan(13)
  })

  test('is not far off on a run without a break', () => {
    const run = 'x'.repeat(1_000)

    expect(tokenizer.count(run) / plain.encode(run, [], []).length).toBeCloseTo(1, 1)
  })
})

describe('cut', () => {
  test('loses nothing and parts no surrogate pair', () => {
    const text = `${'a'.repeat(63)}${'😀'.repeat(100)}b`

    const parts = [...cut(text, 64)]

    expect(parts.join('')).toBe(text)
    expect(parts.every(part => part.length <= 64 && part.isWellFormed())).toBe(true)
  })

  test('also ends on a text of nothing but half pairs', () => {
    expect([...cut('\ud800'.repeat(10), 4)].join('')).toBe('\ud800'.repeat(10))
  })
})

describe('counter', () => {
  test('counts in its worker, in the order asked', async () => {
    const counter = createTokenCounter()

    const [first, second] = await Promise.all([counter.count([PROSE, '']), counter.count(['hello world'])])
    await counter.close()

    expect(first).toEqual([plain.encode(PROSE).length, 0])
    expect(second).toEqual([2])
  })

  test('starts no worker before it is needed, ends it when idle and starts another after that', async () => {
    const workers: Worker[] = []
    const counter = createTokenCounter({
      idleMs: 1,
      startWorker() {
        const worker = echoWorker('message.texts.map(() => 7)')
        workers.push(worker)
        return worker
      },
    })
    expect(workers).toHaveLength(0)

    const before = await counter.count(['a', 'b'])
    await new Promise(resolve => workers[0]?.once('exit', resolve))
    const after = await counter.count(['c'])
    await counter.close()

    expect([before, after]).toEqual([[7, 7], [7]])
    expect(workers).toHaveLength(2)
  })

  test.each([
    ['throws', "(() => { throw new Error('no memory') })()"],
    ['leaves', 'process.exit(1)'],
  ])('gives rough figures when its worker %s', async (_name, answer) => {
    const counter = createTokenCounter({ startWorker: () => echoWorker(answer) })

    expect(await counter.count([PROSE, 'x'])).toEqual([estimateTokens(PROSE), estimateTokens('x')])
  })

  test('gives rough figures for what it was counting when it is closed', async () => {
    const counter = createTokenCounter({ startWorker: () => new Worker('setInterval(() => {}, 1000)', { eval: true }) })

    const counts = counter.count(['hello there'])
    await counter.close()

    expect(await counts).toEqual([estimateTokens('hello there')])
  })
})

describe('correction by model family', () => {
  test.each([
    ['gpt-4o', 'input', 100, 2, 111],
    ['gpt-5.4', 'input', 100, 2, 110],
    ['o3', 'output', 100, 0, 104],
    ['claude-haiku-4-5-20251001', 'output', 100, 0, 115],
    ['claude-opus-4-6', 'output', 100, 0, 115],
    ['claude-opus-4-8', 'output', 100, 0, 150],
    ['anthropic/claude-opus-5-5', 'output', 100, 0, 150],
    ['deepseek-chat', 'output', 100, 0, 103],
    ['openai/gpt-oss-120b', 'input', 0, 0, 65],
    ['some-unknown-model', 'input', 100, 1, 107],
    ['some-unknown-model', 'output', 100, 0, 100],
  ] as const)('%s %s: %i tokens in %i messages are about %i', (model, side, tokens, messages, corrected) => {
    expect(correctTokens({ model, side, tokens, messages })).toBe(corrected)
  })
})

function echoWorker(answer: string): Worker {
  return new Worker(
    `const { parentPort } = require('node:worker_threads')
     parentPort.on('message', message => parentPort.postMessage({ id: message.id, counts: ${answer} }))`,
    { eval: true },
  )
}
