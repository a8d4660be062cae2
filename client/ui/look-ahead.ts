import type { App } from '../app.ts'
import { parsePath } from '../platform/router.ts'

/** Reads the end of a chat as soon as a finger or a key of the mouse goes down on the way to it: when it is let go, the chat lies ready. */
export function lookAhead({ alive, device }: App): void {
  const read = ({ target }: PointerEvent): void => {
    const link = target instanceof Element ? target.closest('a[data-route]') : null
    const route = link instanceof HTMLAnchorElement ? parsePath(link.pathname) : null
    const opened = device.peek()
    if (route?.name !== 'chat' || route.conversationId === null || opened.state !== 'open') return
    opened.device.lookAhead(route.conversationId)
  }
  document.addEventListener('pointerdown', read, { signal: alive, passive: true })
}
