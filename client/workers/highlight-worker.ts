import { type CodeRun, type CodeToHighlight, highlightCode } from '../markdown/highlight-code.ts'
import type { WorkerWord } from '../platform/bounded-worker.ts'

function say(word: WorkerWord<readonly CodeRun[] | null>): void {
  self.postMessage(word)
}

self.addEventListener('message', ({ data }: MessageEvent<CodeToHighlight>) => {
  say({ answer: highlightCode(data) })
})
say('ready')
