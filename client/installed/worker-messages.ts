/** What the service worker says to a page. */
export type FromServiceWorker =
  /** A notification was tapped: the page goes to this path. */
  { readonly kind: 'go'; readonly path: string }
