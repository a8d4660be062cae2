import { computed } from '@preact/signals-core'
import { createCodeHighlighter } from '../markdown/code-highlighter.ts'
import { createMarkdownCompiler, type MarkdownWorker } from '../markdown/markdown-compiler.ts'
import { createMarkdownView } from '../markdown/markdown-view.ts'
import { pageScheduler, requestFrame } from '../platform/scheduler.ts'
import { watch } from '../signals/watch.ts'
import type { ShowMarkdown } from './components/reply.ts'
import { SETTLED } from './lazy-markdown.ts'

export type MarkdownKitOptions = {
  readonly spawn: () => MarkdownWorker
  readonly spawnHighlighter: () => MarkdownWorker
  /** Text that has to be formatted is on its way. */
  readonly isEager?: boolean
  onCopy(code: string): void
}

/** Answers as formatted text: one compiler and its worker for the whole page, one view for each answer. */
export function createMarkdownKit(options: MarkdownKitOptions): ShowMarkdown {
  const render = createMarkdownCompiler({ ...options, scheduler: pageScheduler })
  const highlight = createCodeHighlighter({ spawn: options.spawnHighlighter, scheduler: pageScheduler }, requestFrame)
  return (alive, { root, messageId, text, isDone, shownText, onRender }) => {
    const view = createMarkdownView(alive, {
      root,
      messageId,
      render,
      highlight,
      requestFrame,
      onCopy: options.onCopy,
      onRender({ isSettled }) {
        root.toggleAttribute(SETTLED, isSettled)
        onRender()
      },
      ...(shownText === undefined ? {} : { shownText }),
    })
    watch(
      alive,
      computed(() => ({ text: text.value, isDone: isDone.value })),
      state => {
        if (state.text !== shownText) root.removeAttribute(SETTLED)
        view.update(state.text, state.isDone)
      },
    )
  }
}
