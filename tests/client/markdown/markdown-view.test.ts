import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CompileOutcome } from '../../../client/markdown/markdown-compiler.ts'
import type { MarkdownPiece } from '../../../client/markdown/markdown-tree.ts'
import { FakeElement } from '../../helpers/fake-document.ts'
import { countingCompiler, openStream, SMALLEST, showAtOnce } from '../../helpers/markdown-stream.ts'
import { randomMarkdown } from '../../helpers/random-markdown.ts'
import { streamedAnswers } from '../../helpers/streamed-answers.ts'

describe('a text that grows', () => {
  test.each(streamedAnswers)('looks at every character like the same text at once: %j', async answer => {
    const stream = openStream({ limits: SMALLEST })

    for (let length = 1; length <= answer.length; length++) {
      const prefix = answer.slice(0, length)
      expect(await stream.show(prefix), JSON.stringify(prefix)).toBe(await showAtOnce(prefix))
    }
  })

  test('looks like the same text at once for random texts in random steps', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const text = randomMarkdown(seed, 30)
      const stream = openStream({ limits: SMALLEST })
      for (let length = (seed % 3) + 1; length <= text.length; length += (seed % 3) + 1) {
        const prefix = text.slice(0, length)
        expect(await stream.show(prefix), JSON.stringify(prefix)).toBe(await showAtOnce(prefix))
      }
    }
  })

  test('ends the same when it comes at once, in slices, as when it was streamed', async () => {
    const text = streamedAnswers.join('\n\n')

    expect(await openStream({ limits: SMALLEST }).show(text, true)).toBe(await showAtOnce(text))
  })

  test('costs the same for each piece however long it is', async () => {
    const { compiler, characters } = countingCompiler()
    const stream = openStream({ render: compiler })
    const costs: { readonly compiled: number; readonly changes: number }[] = []
    let text = ''
    for (let chapter = 0; chapter < 40; chapter++) {
      const before = { compiled: characters(), changes: stream.page.changes }
      for (const piece of chapterPieces(10 + chapter)) {
        text += piece
        await stream.show(text)
      }
      costs.push({ compiled: characters() - before.compiled, changes: stream.page.changes - before.changes })
    }

    const [early, late] = [costs[5], costs[39]]
    expect(late?.compiled).toBeLessThan((early?.compiled ?? 0) * 1.1)
    expect(late?.changes).toBeLessThan((early?.changes ?? 0) * 1.1)
  })

  test('changes one text node when a word is added', async () => {
    const stream = openStream()
    await stream.show('# a\n\nb *c* d')
    const before = stream.page.changes

    await stream.show('# a\n\nb *c* d e')

    expect(stream.page.changes - before).toBe(1)
  })

  test('never takes out what is already done', async () => {
    const stream = openStream({ limits: SMALLEST })
    await stream.show('# first\n\n- a\n- b\n')
    const heading = stream.root.querySelector('h3')
    const item = stream.root.querySelector('li')

    await stream.show('# first\n\n- a\n- b\n- c\n\nnext\n\n```\ncode\n')

    expect(stream.root.querySelector('h3')).toBe(heading)
    expect(stream.root.querySelector('li')).toBe(item)
  })

  test('starts afresh with a text that is another one', async () => {
    const stream = openStream({ limits: SMALLEST })
    await stream.show('# old\n\ntext\n\nmore', true)

    expect(await stream.show('new', true)).toBe(await showAtOnce('new'))
  })

  test('starts afresh at the end at the latest when the start of a long text has changed', async () => {
    const stream = openStream()
    const text = 'word '.repeat(4_000)
    await stream.show(text)
    await stream.show(`${text}more `)

    expect(await stream.show(`W${text.slice(1)}more and more`, true)).toBe(
      await showAtOnce(`W${text.slice(1)}more and more`),
    )
  })

  test('puts eight blocks in a section and eight sections in a chapter', async () => {
    const stream = openStream()
    await stream.show(Array.from({ length: 130 }, (_, index) => `block ${index}`).join('\n\n'), true)

    expect(
      stream.root.childNodes.map(chapter => childrenOf(chapter).map(section => childrenOf(section).length)),
    ).toEqual([Array(8).fill(8), Array(8).fill(8), [2]])
  })
})

describe('definitions that come late', () => {
  test('turn earlier words into links', async () => {
    const stream = openStream({ limits: SMALLEST })
    await stream.show('See [docs].\n\nMore.\n\nEven more.\n\n')

    const html = await stream.show('See [docs].\n\nMore.\n\nEven more.\n\n[docs]: https://docs.org\n')

    expect(html).toContain(
      '<p dir="auto">"See "<a href="https://docs.org" rel="noopener noreferrer" target="_blank">"docs"</a><span class="link-host">" (docs.org)"</span>"."</p>',
    )
  })

  test('cost nothing to parts that did not ask for them', async () => {
    const { compiler, characters } = countingCompiler()
    const stream = openStream({ render: compiler, limits: SMALLEST })
    const text = `${'A paragraph of plain words.\n\n'.repeat(200)}[a] here\n\n`
    await stream.show(text)
    const before = characters()

    await stream.show(`${text}[a]: https://a.org\n`)

    expect(characters() - before).toBeLessThan(200)
  })

  test('number footnotes in the order of their calls and lead there and back', async () => {
    const html = await openStream().show('x[^b] y[^a] z[^b]\n\n[^a]: first\n\n[^b]: second')

    expect(html).toContain(
      '<a class="cite" href="#m-one-note-1" id="m-one-call-1-1">"[1]"</a>" y"<a class="cite" href="#m-one-note-2" id="m-one-call-2-1">',
    )
    expect(html).toContain(
      '<li id="m-one-note-1"><p dir="auto">"second"" "<a aria-label="Back to reference 1" class="cite" href="#m-one-call-1-1">',
    )
    expect(html).toContain('id="m-one-call-1-2"')
  })
})

describe('code blocks', () => {
  beforeEach(() => void vi.stubGlobal('Element', FakeElement))
  afterEach(() => void vi.unstubAllGlobals())

  test('are copied as they were written', async () => {
    const onCopy = vi.fn()
    const { root, show } = openStream({ onCopy })
    await show('```ts a.ts\nconst a = "<b>"\n```', true)

    for (const element of root.elements()) if (element.getAttribute('data-action') === 'copy') root.clickOn(element)

    expect(onCopy.mock.calls).toEqual([['const a = "<b>"\n']])
  })

  test('stay wrapped while more text comes', async () => {
    const { root, show } = openStream()
    await show('```\na\n')
    const wrap = root.querySelector('button')
    if (wrap !== null) root.clickOn(wrap)

    await show('```\na\nb\n')

    expect(root.querySelector('figure')?.getAttribute('data-wrap')).toBe('')
    expect(wrap?.getAttribute('aria-pressed')).toBe('true')
  })

  test('are handed to the highlighter once, when they are done', async () => {
    const seen: string[] = []
    const stream = openStream({
      limits: SMALLEST,
      highlight: (_, code, language) => seen.push(`${language}: ${code.textContent}`),
    })
    for (const text of ['```ts\na\n', '```ts\na\n```\n', '```ts\na\n```\n\nb\n', '```ts\na\n```\n\nb\n\n```js\nc\n'])
      await stream.show(text)
    const whileOpen = [...seen]
    await stream.show('```ts\na\n```\n\nb\n\n```js\nc\n', true)

    expect(whileOpen).toEqual(['ts: a\n'])
    expect(seen).toEqual(['ts: a\n', 'js: c\n'])
  })
})

describe('a text that cannot be compiled in time', () => {
  test('is tried once more, since the machine may only have been busy', async () => {
    const { compiler } = countingCompiler()
    let failures = 1
    const render = {
      compile: async (piece: MarkdownPiece): Promise<CompileOutcome> =>
        failures-- > 0 ? { state: 'failed', reason: 'timed-out' } : compiler.compile(piece),
    }
    const text = '# a\n\n*b*\n\n'.repeat(300)

    const html = await openStream({ render }).show(text)

    expect(html).toBe(await showAtOnce(text))
  })

  test('is shown as it is, below what was done', async () => {
    const { compiler } = countingCompiler()
    let isSlow = false
    const render = {
      compile: async (piece: MarkdownPiece): Promise<CompileOutcome> =>
        isSlow ? { state: 'failed', reason: 'timed-out' } : compiler.compile(piece),
    }
    const stream = openStream({ render, limits: SMALLEST })
    await stream.show('# done\n\nopen\n')
    isSlow = true

    await stream.show('# done\n\nopen\n\n*slow')
    const html = await stream.show('# done\n\nopen\n\n*slow*', true)

    expect(html).toContain('<h3 dir="auto">"done"</h3><pre class="plain" data-plain="">"open\\n\\n*slow*"</pre>')
  })
})

test('tells when all of a finished text is shown', async () => {
  const states: boolean[] = []
  const stream = openStream({ onRender: state => states.push(state.isSettled) })

  await stream.show('a')
  await stream.show('a b', true)

  expect(states).toEqual([false, true])
})

test('takes no attribute from the text', async () => {
  const { root, show } = openStream()

  const html = await show('<p id="x" style="z">a</p>\n\n[a](http://b.c "t")', true)

  expect([...root.elements()].flatMap(element => [...element.attributes.keys()])).toEqual([
    'class',
    'class',
    'dir',
    'class',
    'dir',
    'href',
    'title',
    'target',
    'rel',
    'class',
  ])
  expect(html).toContain('<p class="raw" dir="auto">"<p id=\\"x\\" style=\\"z\\">a</p>"</p>')
})

function childrenOf(node: unknown): FakeElement['childNodes'] {
  return node instanceof FakeElement ? node.childNodes : []
}

function chapterPieces(number: number): readonly string[] {
  const chapter = `## Part ${number}\n\nSome *text* with \`code\` and [a link](https://e.x/${number}) in words that go on for a while.\n\n- one ${number}\n- two\n  - three\n\n| a | b |\n|---|---|\n| ${number} | x |\n\n\`\`\`ts\nconst a = ${number}\nfor (;;) break\n\`\`\`\n\n`
  return chapter.match(/[\s\S]{1,12}/g) ?? []
}
