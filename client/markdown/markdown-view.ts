import type { MarkdownCompiler } from './markdown-compiler.ts'

/** Called once for a code block that can change no more; may replace the children of `code`, never their text. */
export type HighlightCode = (alive: AbortSignal, code: HTMLElement, language: string) => void

export type MarkdownViewOptions = {
  /** The `.answer` element. The view appends its own children and touches no others. */
  readonly root: HTMLElement
  /** Makes the ids of footnotes unique in the page. */
  readonly messageId: string
  readonly render: MarkdownCompiler
  /** `requestAnimationFrame`, or a fake: runs `work` before the next paint; returns a way to take it back. */
  readonly requestFrame: (work: () => void) => () => void
  readonly onCopy: (code: string) => void
  /** After each change of the page: follow the end, store heights. */
  readonly onRender?: (state: { readonly isSettled: boolean }) => void
  readonly highlight?: HighlightCode
}

export interface MarkdownView {
  /** The whole text so far; `isDone` once it grows no more. A text that does not begin with the last one starts afresh. */
  update(text: string, isDone: boolean): void
}

/** Shows a growing Markdown text in `root`: at each render, exactly what the same text in one piece would give. */
export declare function createMarkdownView(alive: AbortSignal, options: MarkdownViewOptions): MarkdownView
