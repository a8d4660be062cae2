import { describe, expect, test } from 'vitest'
import { compileMarkdown } from '../../../client/markdown/compile-markdown.ts'
import type { BlockNode, MarkdownPiece } from '../../../client/markdown/markdown-tree.ts'
import { markdownCases } from '../../helpers/markdown-cases.ts'
import { referenceHtml, treeToHtml, withoutBlockSpace } from '../../helpers/markdown-html.ts'
import { randomMarkdown } from '../../helpers/random-markdown.ts'

const OWN_ORIGIN = 'https://home.test:8443'

function compile(text: string, piece: Partial<MarkdownPiece> = {}): readonly BlockNode[] {
  return compileMarkdown({ text, inside: null, definitions: [], footnotes: [], split: null, ...piece }, OWN_ORIGIN).open
    .nodes
}

function htmlOf(text: string): string {
  return withoutBlockSpace(treeToHtml(compile(text)))
}

test.each(markdownCases)('gives what the reference gives for %j', source => {
  expect(htmlOf(source)).toBe(referenceHtml(source))
})

test('gives what the reference gives for a thousand random texts', () => {
  // After a link definition the reference loses the line breaks of code and raw HTML, so no definition here.
  const sources = Array.from({ length: 1000 }, (_, seed) => randomMarkdown(seed, 14).replaceAll(']:', '] :'))

  const different = sources.filter(source => htmlOf(source) !== referenceHtml(source))

  expect(different).toEqual([])
})

describe('where the reference is wrong', () => {
  test('keeps the lines of a fence that follows a link definition', () => {
    expect(compile('[r]: http://u.v\n\n```\na\nb\n```')).toEqual([
      { kind: 'code', info: '', text: 'a\nb\n', isClosed: true },
    ])
  })

  test('keeps the lines of raw HTML that follows a link definition', () => {
    expect(compile('[r]: http://u.v\n\n<div>\na\n</div>')).toEqual([{ kind: 'raw', text: '<div>\na\n</div>' }])
  })
})

describe('links', () => {
  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//host/x',
    '/api/sync',
    'settings',
    '#top',
    'irc://a',
    'tel:1',
    'blob:https://a.b/c',
    'https://',
    'http:a.b',
    `${OWN_ORIGIN}/api/sync`,
    `${OWN_ORIGIN.toUpperCase()}/x`,
  ])('shows a link to %s as its text', destination => {
    expect(compile(`[go](<${destination}>)`)).toEqual([{ kind: 'paragraph', children: ['go'] }])
  })

  test('names the host unless the text is that host', () => {
    expect(compile('[https://bank.com/login](https://evil.com/x)')).toEqual([
      {
        kind: 'paragraph',
        children: [{ kind: 'link', url: 'https://evil.com/x', note: 'evil.com', children: ['https://bank.com/login'] }],
      },
    ])
  })

  test.each([
    ['[xn--pple-43d.com](https://apple.com)', 'apple.com'],
    ['[аpple.com](https://xn--pple-43d.com)', 'xn--pple-43d.com'],
    ['<https://good.org@evil.com/>', 'evil.com'],
    ['[good.org evil.com](https://evil.com)', 'evil.com'],
    ['[pay@bank.com](mailto:thief@evil.com)', 'thief@evil.com'],
    [`[x](https://evil.com/?${'q'.repeat(300)})`, 'evil.com, carries 302 characters'],
  ])('warns at %s', (source, note) => {
    expect(JSON.stringify(compile(source))).toContain(`"note":${JSON.stringify(note)}`)
  })

  test.each([
    '[docs at example.org](https://example.org/a)',
    '<https://www.example.org>',
    '[example.org](https://www.example.org/x)',
    'www.example.org',
    'a@example.org',
  ])('has nothing to say about %s', source => {
    expect(JSON.stringify(compile(source))).not.toContain('"note"')
  })
})

describe('pictures', () => {
  test('become a row that names the host', () => {
    expect(compile('![a *b*](https://c.d/e.png "t")')).toEqual([
      { kind: 'paragraph', children: [{ kind: 'picture', host: 'c.d', alt: 'a b', url: 'https://c.d/e.png' }] },
    ])
  })

  test.each(['![a](data:image/png;base64,AA)', '![a](/local.png)', '![a](javascript:x)'])(
    'is only its description: %s',
    source => {
      expect(compile(source)).toEqual([{ kind: 'paragraph', children: ['a'] }])
    },
  )
})

describe('a piece of a text', () => {
  test('uses definitions from elsewhere, and they win over its own', () => {
    const definitions = [{ label: 'A', url: 'http://first.org' }]

    expect(compile('[a]\n\n[a]: http://second.org', { definitions })).toEqual([
      { kind: 'paragraph', children: [{ kind: 'link', url: 'http://first.org', note: 'first.org', children: ['a'] }] },
    ])
  })

  test('says which labels it asked for', () => {
    const { open } = compileMarkdown(
      { text: '[a] [b][c] [^d]', inside: null, definitions: [], footnotes: [], split: null },
      OWN_ORIGIN,
    )

    expect(open.asked).toEqual(expect.arrayContaining(['A', 'C', '^D']))
  })

  test('is split before the last block that begins with a finished line after a blank one', () => {
    const { stable, open } = compileMarkdown(
      { text: 'a\n\nb\n\nc', inside: null, definitions: [], footnotes: [], split: { atLeast: 1 } },
      OWN_ORIGIN,
    )

    expect([stable?.length, open.length]).toEqual([3, 4])
  })
})
