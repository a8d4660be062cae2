import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'

export type InstallState =
  /** This is the installed app. */
  | 'installed'
  /** The browser can be asked to install it. */
  | 'ready'
  /** The user does it in the browser's own menu. */
  | 'by-hand'
  /** Browsers install only what came over HTTPS, or from the machine itself. */
  | 'insecure'

export interface Install {
  readonly state: ReadonlySignal<InstallState>
  /** Shows the browser's own question. */
  ask(): Promise<void>
}

/** Whether this page is, or can be, an app of its own. */
export function createInstall(alive: AbortSignal, page: Window, offer: Signal<Event | null>): Install {
  const standalone = page.matchMedia('(display-mode: standalone), (display-mode: minimal-ui)')
  const isInstalled = signal(standalone.matches || Reflect.get(page.navigator, 'standalone') === true)
  standalone.addEventListener(
    'change',
    () => {
      isInstalled.value = standalone.matches
    },
    { signal: alive },
  )
  return {
    state: computed(() => {
      if (isInstalled.value) return 'installed'
      if (!page.isSecureContext) return 'insecure'
      return offer.value === null ? 'by-hand' : 'ready'
    }),
    async ask() {
      // The DOM's types do not know the event that the offer is.
      const prompt: (() => Promise<unknown>) | undefined = Reflect.get(offer.peek() ?? {}, 'prompt')
      await prompt?.call(offer.peek())
      // It can be shown once.
      offer.value = null
    },
  }
}
