import { afterPaint } from '../platform/scheduler.ts'
import { watchFrames } from '../signals/frame.ts'
import type { LastScreen } from '../stores/last-screen.ts'
import type { ShowMarkdown } from './components/reply.ts'
import { keptNodes } from './dom/kept-nodes.ts'

/** On an answer that stands as it stays. */
export const SETTLED = 'data-settled'
/** An answer that is written, but does not stand as it stays. */
export const UNFORMED = `.reply:not([aria-busy]) > .answer:not([hidden], [${SETTLED}], .answer-plain)`

/** So many answers that have left the page keep their form: about what the chats hold that somebody goes back and forth between. */
const MOST_FORMED = 40

/** Longer ones are formatted anew: their elements would fill a phone's memory. */
const LONGEST_FORMED = 100_000

type Nodes = readonly (Node | string)[]
type Formed = { readonly text: string; nodes(): Nodes | null }

/**
 * Formats answers with a kit that is fetched after the first paint; where that fails, shows the text as it is. An answer that was
 * on the last screen, or in the page a while ago, stands at once as it stood there.
 */
export function lazyMarkdown({ chat }: LastScreen, load: () => Promise<ShowMarkdown>): ShowMarkdown {
  let kit: Promise<ShowMarkdown> | null = null
  const formed = formedAnswers(chat)
  const showPlain: ShowMarkdown = (alive, { root, text, shownText, onRender }) => {
    watchFrames(alive, text, written => {
      const value = written.slice()
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
    const { root, messageId } = options
    const text = options.text.peek().slice()
    const nodes = options.isDone.peek() ? formed.take(messageId, text) : null
    if (nodes !== null) {
      root.append(...nodes)
      root.setAttribute(SETTLED, '')
    }
    alive.addEventListener(
      'abort',
      () => {
        if (root.hasAttribute(SETTLED)) formed.keep(messageId, options.text.peek().slice(), [...root.childNodes])
      },
      { once: true },
    )
    void loadKit().then(show => {
      if (!alive.aborted) show(alive, nodes === null ? options : { ...options, shownText: text })
    })
  }
}

/** How answers stood when they left the page, by the id of the message: at first those of the last screen. */
function formedAnswers(chat: LastScreen['chat']) {
  const formed = new Map<string, Formed>()
  for (const { id, content } of chat?.messages ?? []) {
    const kept = chat?.answers[id]
    if (kept !== undefined) formed.set(id, { text: content, nodes: () => keptNodes(kept) })
  }
  return {
    take(id: string, text: string): Nodes | null {
      const found = formed.get(id)
      formed.delete(id)
      return found?.text === text ? found.nodes() : null
    },
    keep(id: string, text: string, nodes: Nodes): void {
      if (text.length > LONGEST_FORMED) return
      formed.set(id, { text, nodes: () => nodes })
      const [oldest] = formed.keys()
      if (formed.size > MOST_FORMED && oldest !== undefined) formed.delete(oldest)
    },
  }
}
