import { expect, test } from 'vitest'
import { createCodeHighlighter } from '../../../client/markdown/code-highlighter.ts'
import { type CodeRun, highlightCode } from '../../../client/markdown/highlight-code.ts'
import type { AskedWorker, WorkerWord } from '../../../client/platform/bounded-worker.ts'
import { asHtmlElement, FakeDocument, outerHtml } from '../../helpers/fake-document.ts'

test('tells keywords, strings, numbers and comments apart', () => {
  expect(highlightCode({ language: 'ts', text: 'const a = "b" // c\nlet d = 1' })).toEqual([
    { tone: 'key', text: 'const' },
    ' a = ',
    { tone: 'str', text: '"b"' },
    ' ',
    { tone: 'com', text: '// c' },
    '\n',
    { tone: 'key', text: 'let' },
    ' d = ',
    { tone: 'num', text: '1' },
  ])
})

test('shows code inside a string as code', () => {
  const runs = highlightCode({ language: 'ruby', text: '"a#{b}c"' }) ?? []

  expect(runs).toContain('#{b}')
})

test.each([
  ['python', 'def f(x):\n  """doc"""\n  return x # é 漢字 😀\n'],
  ['html', '<p class="a">&amp;<!-- b --></p>\n<script>let a = `b`</script>'],
  ['sh', 'echo "$HOME" | sed \'s/a/b/\' # c'],
  ['json', '{"a": [1, null, "b\\n"]}'],
  ['diff', '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n'],
  ['sql', "select * from t where a = 'b' -- c"],
  ['ts', '"never closed'],
])('never changes the text of %s', (language, text) => {
  const runs = highlightCode({ language, text }) ?? []

  expect(runs.map(run => (typeof run === 'string' ? run : run.text)).join('')).toBe(text)
})

test('leaves a language alone that it does not know', () => {
  expect(highlightCode({ language: 'no-such-language', text: 'a' })).toBeNull()
})

class FakeWorker extends EventTarget implements AskedWorker {
  answer: readonly CodeRun[] | null = null

  postMessage(): void {
    this.say({ answer: this.answer })
  }

  terminate(): void {
    this.answer = null
  }

  say(data: WorkerWord<readonly CodeRun[] | null>): void {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}

async function highlighted(code: string, answer: readonly CodeRun[] | null, meanwhile = code): Promise<string> {
  const worker = new FakeWorker()
  worker.answer = answer
  const scheduler = { after: () => () => undefined }
  const highlight = createCodeHighlighter({ spawn: () => worker, scheduler }, work => work())
  const element = new FakeDocument().createElement('code')
  element.textContent = code
  highlight(new AbortController().signal, asHtmlElement(element), 'ts')
  element.textContent = meanwhile
  worker.say('ready')
  await new Promise<void>(resolve => setImmediate(resolve))
  return outerHtml(element)
}

test('puts tones into a code block once its worker has answered', async () => {
  const html = await highlighted('let a', [{ tone: 'key', text: 'let' }, ' a'])

  expect(html).toBe('<code><span class="syn-key">"let"</span>" a"</code>')
})

test('leaves a code block alone that has changed meanwhile', async () => {
  expect(await highlighted('let a', [{ tone: 'key', text: 'let a' }], 'other')).toBe('<code>"other"</code>')
})
