import { compileMarkdown } from '../markdown/compile-markdown.ts'
import type { WorkerMessage } from '../markdown/markdown-compiler.ts'
import type { MarkdownPiece } from '../markdown/markdown-tree.ts'

function say(message: WorkerMessage): void {
  self.postMessage(message)
}

self.addEventListener('message', ({ data }: MessageEvent<MarkdownPiece>) => {
  say({ answer: compileMarkdown(data, self.location.origin) })
})
// The first text after the start takes many times as long as the next: it should not be the reader's.
const sample = '# a\n\n*b* **c** `d` [e](http://f.g)\n\n- h\n  1. i\n\n> j\n\n| k |\n|---|\n| l |\n\n```m\nn\n```\n'
compileMarkdown(
  { text: sample, inside: null, definitions: [], footnotes: [], split: { atLeast: 1 } },
  self.location.origin,
)
say('ready')
