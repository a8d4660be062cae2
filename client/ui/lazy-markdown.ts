import { watchFrames } from '../signals/frame.ts'
import type { ShowMarkdown } from './components/reply.ts'

/** Formats answers with a kit that is fetched after the first paint; where that fails, shows the text as it is. */
export function lazyMarkdown(load: () => Promise<ShowMarkdown>): ShowMarkdown {
  let kit: Promise<ShowMarkdown> | null = null
  const showPlain: ShowMarkdown = (alive, { root, text, onRender }) => {
    root.classList.add('answer-plain')
    watchFrames(alive, text, value => {
      root.textContent = value
      onRender()
    })
  }
  return (alive, options) => {
    kit ??= load().catch(() => {
      // The next answer tries again: the network may have been away only now.
      kit = null
      return showPlain
    })
    void kit.then(show => {
      if (!alive.aborted) show(alive, options)
    })
  }
}
