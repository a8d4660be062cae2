import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileMarkdown } from '../../../client/markdown/compile-markdown.ts'
import type { CompiledPiece } from '../../../client/markdown/markdown-tree.ts'
import { openStream } from '../../helpers/markdown-stream.ts'

const SIZE = 50_000
const BUDGET_MS = 5000

const floods: Readonly<Record<string, string>> = {
  quotes: '>'.repeat(SIZE),
  stars: '*'.repeat(SIZE),
  brackets: '['.repeat(SIZE),
  'nested brackets': `${'['.repeat(SIZE / 2)}a${']'.repeat(SIZE / 2)}`,
  'nested emphasis': `${'*'.repeat(SIZE / 2)}a${'*'.repeat(SIZE / 2)}`,
  'open emphasis': '*a **b '.repeat(SIZE / 7),
  'unmatched emphasis': `a**b${'c* '.repeat(SIZE / 3)}`,
  underscores: '_a __a '.repeat(SIZE / 7),
  tildes: '~a '.repeat(SIZE / 3),
  'nested lists': '- '.repeat(SIZE / 2),
  'open links': '[a](<b'.repeat(SIZE / 6),
  'nested pictures': `${'!['.repeat(SIZE / 4)}a${'](b)'.repeat(SIZE / 8)}`,
  'runs of ticks': Array.from({ length: 300 }, (_, length) => '`'.repeat(length + 1)).join(' '),
  'open comments': '<!--a'.repeat(SIZE / 5),
  'open instructions': '<?'.repeat(SIZE / 2),
  'open tags': '<a b="'.repeat(SIZE / 6),
  'deep quotes line by line': `${'> '.repeat(200)}a\n`.repeat(100),
  'indented lists': Array.from({ length: 250 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
  'a wide table': `|${'a|'.repeat(500)}\n|${'-|'.repeat(500)}\n${'|\n'.repeat(3000)}`,
  backslashes: '\\'.repeat(SIZE),
}

describe('a flood of', () => {
  test.each(Object.entries(floods))('%s is compiled in bounded time and depth', (_, source) => {
    const startMs = performance.now()

    const result = compile(source)

    expect(performance.now() - startMs).toBeLessThan(BUDGET_MS)
    expect(depthOf(result.open.nodes)).toBeLessThan(400)
  })
})

const fixtures = [join(import.meta.dirname, '../../../../shared/fixtures/security')].filter(existsSync)
const payloads = fixtures
  .flatMap(folder => ['markdown', 'xss', 'strings'].map(name => join(folder, name)).filter(existsSync))
  .flatMap(filesIn)
  .map(file => ({ file, text: readFileSync(file, 'utf8') }))

// Without the folder of payloads this one stands for them.
const samples = [
  ...payloads,
  {
    file: 'own',
    text: '<script>alert(1)</script>\n[a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n![a](https://t.co/p)',
  },
]

test('no payload makes anything but the elements and addresses of an answer', async () => {
  for (const { text } of samples) {
    for (const source of [text, ...lines(text)]) {
      const { root, show } = openStream()
      await show(source, true)
      for (const element of root.elements()) {
        expect(ALLOWED_TAGS).toContain(element.tag)
        for (const [name, value] of element.attributes) {
          expect(ALLOWED_ATTRIBUTES).toContain(name)
          if (name === 'href') expect(value).toMatch(/^(?:https?:\/\/|mailto:|#m-one-)/i)
          if (name === 'id') expect(value).toMatch(/^m-one-(?:call|note)-[\d-]+$/)
        }
      }
    }
  }
}, 120_000)

const ALLOWED_TAGS =
  'p h3 h4 h5 h6 blockquote ol ul li hr figure figcaption pre code div table thead tbody tr th td em strong del br a span button input'.split(
    ' ',
  )
const ALLOWED_ATTRIBUTES =
  'class id href target rel title start dir scope tabindex role aria-label aria-pressed type checked disabled data-action data-language data-plain'.split(
    ' ',
  )

function compile(text: string): CompiledPiece {
  return compileMarkdown({ text, inside: null, definitions: [], footnotes: [], split: null }, 'https://home.test')
}

/** Counted without recursion, since depth is what is in question. */
function depthOf(value: unknown): number {
  let deepest = 0
  const queue: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }]
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    deepest = Math.max(deepest, entry.depth)
    if (typeof entry.value !== 'object' || entry.value === null) continue
    for (const child of Object.values(entry.value)) queue.push({ value: child, depth: entry.depth + 1 })
  }
  return deepest
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, 300)
}
