/** Calls back when the network or the page comes back: moments at which a silent connection deserves another try. */
export function onWake(alive: AbortSignal, listener: () => void): void {
  window.addEventListener('online', listener, { signal: alive })
  // The first `pageshow` is the load itself; only a page that comes back out of the browser's cache has slept.
  window.addEventListener(
    'pageshow',
    event => {
      if (event.persisted) listener()
    },
    { signal: alive },
  )
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') listener()
    },
    { signal: alive },
  )
}

/** Calls back when the page goes out of sight: on a phone that may be the last it hears. */
export function onHide(alive: AbortSignal, listener: () => void): void {
  window.addEventListener('pagehide', listener, { signal: alive })
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') listener()
    },
    { signal: alive },
  )
}

/** False only when the device says that it has no network at all; true promises nothing. */
export function hasNetwork(): boolean {
  return navigator.onLine
}
