import DOMPurify from 'dompurify'
import { marked } from 'marked'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { Streamdown } from 'streamdown'

const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve))

/** Formats the whole answer anew with each piece, as most chat pages do. */
function openMarked(root) {
  return {
    async show(text) {
      root.innerHTML = DOMPurify.sanitize(marked.parse(text, { async: false }))
      await nextFrame()
    },
    close: () => root.remove(),
  }
}

/** React's way for answers that stream. */
function openStreamdown(root) {
  const react = createRoot(root)
  return {
    async show(text) {
      react.render(createElement(Streamdown, null, text))
      await nextFrame()
    },
    close() {
      react.unmount()
      root.remove()
    },
  }
}

const PEERS = { marked: openMarked, streamdown: openStreamdown }

/** Another way to show an answer that grows; `show` resolves in the next frame. */
export function openPeer(name, root) {
  return PEERS[name](root)
}
