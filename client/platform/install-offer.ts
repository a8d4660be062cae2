import { type Signal, signal } from '@preact/signals-core'

/** The browser's offer to install this page, which it makes once and early; null while there is none. */
export function keepInstallOffer(alive: AbortSignal, page: Window): Signal<Event | null> {
  const offer = signal<Event | null>(null)
  page.addEventListener(
    'beforeinstallprompt',
    event => {
      // The page has its own key for it, in setup.
      event.preventDefault()
      offer.value = event
    },
    { signal: alive },
  )
  return offer
}
