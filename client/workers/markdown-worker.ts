import { compileMarkdown } from '../markdown/compile-markdown.ts'
import type { WorkerMessage } from '../markdown/markdown-compiler.ts'
import type { MarkdownPiece } from '../markdown/markdown-tree.ts'

function say(message: WorkerMessage): void {
  self.postMessage(message)
}

self.addEventListener('message', ({ data }: MessageEvent<MarkdownPiece>) => {
  say({ piece: compileMarkdown(data, self.location.origin) })
})
say('ready')
