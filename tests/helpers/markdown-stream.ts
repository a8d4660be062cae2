import { createInProcessCompiler } from '../../client/markdown/in-process-compiler.ts'
import type { MarkdownCompiler } from '../../client/markdown/markdown-compiler.ts'
import type { DocumentLimits } from '../../client/markdown/markdown-document.ts'
import { createMarkdownView, type MarkdownViewOptions } from '../../client/markdown/markdown-view.ts'
import { asHtmlElement, FakeDocument, type FakeElement, outerHtml } from './fake-document.ts'

const WHOLE: DocumentLimits = { stableLength: Number.POSITIVE_INFINITY, sliceLength: Number.POSITIVE_INFINITY }
export const SMALLEST: DocumentLimits = { stableLength: 1, sliceLength: 40 }

export type MarkdownStream = {
  readonly page: FakeDocument
  readonly root: FakeElement
  /** Shows a text and waits until all of it is in the page. */
  show(text: string, isDone?: boolean): Promise<string>
}

/** A view in a fake page whose frames come at once. */
export function openStream(options: Partial<MarkdownViewOptions> = {}): MarkdownStream {
  const page = new FakeDocument()
  const root = page.createElement('div')
  let onShown = (): void => undefined
  let wanted = ''
  let shown = 0
  const render = options.render ?? createInProcessCompiler('https://home.test')
  const view = createMarkdownView(new AbortController().signal, {
    root: asHtmlElement(root),
    messageId: 'one',
    requestFrame: work => work(),
    onCopy: () => undefined,
    ...options,
    render,
    onRender: state => {
      options.onRender?.(state)
      shown++
      onShown()
    },
  })
  return {
    page,
    root,
    async show(text, isDone = false) {
      wanted = text
      const before = shown
      view.update(text, isDone)
      while (shown === before && wanted !== '')
        await new Promise<void>(resolve => {
          onShown = resolve
        })
      await new Promise<void>(resolve => setImmediate(resolve))
      return outerHtml(root)
    },
  }
}

/** What a text gives when it is compiled in one piece. */
export function showAtOnce(text: string): Promise<string> {
  return openStream({ limits: WHOLE }).show(text)
}

/** A compiler that counts the characters it is given. */
export function countingCompiler(): { readonly compiler: MarkdownCompiler; characters(): number } {
  const inner = createInProcessCompiler('https://home.test')
  let characters = 0
  return {
    compiler: {
      compile(piece) {
        characters += piece.text.length
        return inner.compile(piece)
      },
    },
    characters: () => characters,
  }
}
