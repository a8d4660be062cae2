import { afterPaint } from '../platform/scheduler.ts'
import { watchFrames } from '../signals/frame.ts'
import type { LastScreen } from '../stores/last-screen.ts'
import type { ShowMarkdown } from './components/reply.ts'
import { keptNodes } from './dom/kept-nodes.ts'

/** On an answer that stands as it stays. */
export const SETTLED = 'data-settled'

/**
 * Formats answers with a kit that is fetched after the first paint; where that fails, shows the text as it is. An answer that was
 * on the last screen stands at once as it stood there.
 */
export function lazyMarkdown({ chat }: LastScreen, load: () => Promise<ShowMarkdown>): ShowMarkdown {
  let kit: Promise<ShowMarkdown> | null = null
  const texts = new Map(chat?.messages.map(({ id, content }) => [id, content]))
  const showPlain: ShowMarkdown = (alive, { root, text, shownText, onRender }) => {
    watchFrames(alive, text, value => {
      if (value === shownText) return
      root.classList.add('answer-plain')
      root.textContent = value
      onRender()
    })
  }
  const loadKit = (): Promise<ShowMarkdown> => {
    kit ??= load().catch(() => {
      // The next answer tries again: the network may have been away only now.
      kit = null
      return showPlain
    })
    return kit
  }
  // The answers are on their way too.
  afterPaint(() => void loadKit())
  return (alive, options) => {
    const kept = chat?.answers[options.messageId]
    const text = options.text.peek()
    const isKept = kept !== undefined && options.isDone.peek() && texts.get(options.messageId) === text
    const nodes = isKept ? keptNodes(kept) : null
    if (nodes !== null) {
      options.root.append(...nodes)
      options.root.setAttribute(SETTLED, '')
    }
    void loadKit().then(show => {
      if (!alive.aborted) show(alive, nodes === null ? options : { ...options, shownText: text })
    })
  }
}
