import { type BoundedWorkerOptions, createBoundedWorker } from '../platform/bounded-worker.ts'
import type { CodeRun, CodeToHighlight } from './highlight-code.ts'

/** Called once for a code block that changes no more; may replace the children of `code`, never their text. */
export type HighlightCode = (alive: AbortSignal, code: HTMLElement, language: string) => void

/** Some grammars look back at every character. */
const BUDGET_MS = 1_000
/** Code longer than this is data: its elements would cost more than its colours give. */
const LONGEST_CODE = 40_000

/** Highlights in a worker of its own, which is started with the first block that names a language. */
export function createCodeHighlighter(
  options: Pick<BoundedWorkerOptions, 'spawn' | 'scheduler'>,
  requestFrame: (work: () => void) => void,
): HighlightCode {
  const ask = createBoundedWorker<CodeToHighlight, readonly CodeRun[] | null>({ ...options, budgetMs: BUDGET_MS })
  return (alive, code, language) => {
    const text = code.textContent
    if (text.length > LONGEST_CODE) return
    void ask({ language, text }).then(outcome => {
      if (outcome.state === 'failed' || outcome.answer === null) return
      const runs = outcome.answer
      requestFrame(() => {
        if (!alive.aborted && code.textContent === text) code.replaceChildren(...runs.map(run => nodeOf(code, run)))
      })
    })
  }
}

function nodeOf({ ownerDocument }: HTMLElement, run: CodeRun): Node | string {
  if (typeof run === 'string') return run
  const span = ownerDocument.createElement('span')
  span.className = `syn-${run.tone}`
  span.textContent = run.text
  return span
}
