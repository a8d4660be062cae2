import type { ReadableText } from '../runs/growing-text.ts'
import { createAnswerSurface } from './answer-surface.ts'
import type { HighlightCode } from './code-highlighter.ts'
import { type BlockDescriber, createBlockDescriber } from './describe-block.ts'
import { describePlain } from './describe-plain.ts'
import { describeNotes, numberCalls } from './footnotes.ts'
import type { MarkdownCompiler } from './markdown-compiler.ts'
import { createMarkdownDocument, type DocumentChange, type DocumentLimits } from './markdown-document.ts'
import { walkElements } from './mount-view.ts'
import { createGrowthCheck } from './text-growth.ts'

export type MarkdownViewOptions = {
  /** The `.answer` element. The view appends children of its own and touches no others. */
  readonly root: HTMLElement
  /** Makes the ids of footnotes unique in the page. */
  readonly messageId: string
  readonly render: MarkdownCompiler
  /** Runs `work` before the next paint: `requestAnimationFrame`, or a fake. */
  readonly requestFrame: (work: () => void) => void
  /** The reader asked for a code block; `code` is its whole text. */
  readonly onCopy: (code: string) => void
  /** After each change of the page; settled means that the text is done and all of it is shown. */
  readonly onRender?: (state: { readonly isSettled: boolean }) => void
  readonly highlight?: HighlightCode
  /** What `root` shows already, as this view would leave it. */
  readonly shownText?: string
  readonly limits?: Partial<DocumentLimits>
}

export interface MarkdownView {
  /** The whole text so far; `isDone` once it grows no more. A text that does not begin with the last one starts afresh. */
  update(text: ReadableText, isDone: boolean): void
}

type Wanted = { readonly text: ReadableText; readonly isDone: boolean }

/** Shows a growing Markdown text in `root`: after each render, exactly what the same text in one piece would give. */
export function createMarkdownView(alive: AbortSignal, options: MarkdownViewOptions): MarkdownView {
  const { root, render, requestFrame, limits } = options
  const surface = createAnswerSurface(root)
  const idPrefix = `m-${options.messageId}`
  let wanted: Wanted = { text: options.shownText ?? '', isDone: options.shownText !== undefined }
  let session = { ...startSession(), shownLength: wanted.text.length, isSettled: wanted.isDone }
  const hasGrown = createGrowthCheck(wanted.text)
  let isRunning = false

  function startSession() {
    return {
      page: createMarkdownDocument(render, limits),
      describe: createBlockDescriber(),
      shownLength: 0,
      isSettled: false,
      highlighted: 0,
    }
  }

  function update(text: ReadableText, isDone: boolean): void {
    if (alive.aborted || (text === wanted.text && isDone === wanted.isDone)) return
    // A document that is settled has let its tree go; what comes after it is a new text.
    if (!hasGrown(text, isDone) || session.isSettled) {
      session = startSession()
      surface.clear()
      // What this view found there, it does not know.
      if (options.shownText !== undefined) root.replaceChildren()
    }
    wanted = { text, isDone }
    if (!isRunning) void run()
  }

  async function run(): Promise<void> {
    isRunning = true
    try {
      while (!alive.aborted && !isShown()) await step(session, wanted)
    } finally {
      isRunning = false
    }
  }

  function isShown(): boolean {
    return session.shownLength === wanted.text.length && session.isSettled === wanted.isDone
  }

  /** One slice to the compiler and into the page. A session that was replaced meanwhile leaves no trace. */
  async function step(current: typeof session, { text, isDone }: Wanted): Promise<void> {
    const change = current.shownLength === text.length ? null : await current.page.advance(text)
    await new Promise<void>(resolve => requestFrame(resolve))
    if (alive.aborted || current !== session) return
    if (change !== null) show(current.describe, change)
    current.shownLength = change?.shownLength ?? text.length
    current.isSettled = isDone && current.shownLength === text.length
    highlightTo(current, current.isSettled ? Number.POSITIVE_INFINITY : (change?.doneBlocks ?? 0))
    if (current.isSettled) {
      current.page = createMarkdownDocument(render, limits)
      surface.settle()
    }
    options.onRender?.({ isSettled: current.isSettled })
  }

  function show(describe: BlockDescriber, change: DocumentChange): void {
    const { footnotes, plain } = change
    surface.setTail(change.tailIndex, [...change.tail.map(describe), ...describePlain(plain ?? '')])
    for (const { index, node } of change.revised) surface.setBlock(index, describe(node))
    surface.setNotes(describeNotes(footnotes, describe, idPrefix))
    numberCalls(surface, footnotes.calls, idPrefix)
  }

  function highlightTo(current: typeof session, end: number): void {
    const { highlight } = options
    if (highlight === undefined) return
    const fresh = surface.blocks().slice(current.highlighted, end)
    current.highlighted += fresh.length
    for (const block of fresh) {
      for (const { value, dom } of walkElements(block)) {
        const language = value.attributes['data-language']
        if (language !== undefined && language !== '') highlight(alive, dom, language)
      }
    }
  }

  // The page before may have been left while its code was being coloured.
  if (options.shownText !== undefined) {
    for (const code of root.querySelectorAll<HTMLElement>('code[data-language]:not([data-language=""], :has(*))'))
      options.highlight?.(alive, code, code.dataset['language'] ?? '')
  }
  root.addEventListener('click', event => answerClick(event.target, options.onCopy), { signal: alive })
  return { update }
}

function answerClick(target: EventTarget | null, onCopy: (code: string) => void): void {
  if (!(target instanceof Element)) return
  const button = target.closest('figure.code button[data-action]')
  const figure = button?.closest('figure.code')
  if (!button || !figure) return
  if (button.getAttribute('data-action') === 'copy') onCopy(figure.querySelector('pre code')?.textContent ?? '')
  else button.setAttribute('aria-pressed', String(figure.toggleAttribute('data-wrap')))
}
