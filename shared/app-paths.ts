/** Answered by the server or by the service worker itself, and never by the page. */
const NOT_THE_APP = /^\/api|^\/(health|https|ca|share|\.well-known)(\/|$)/

/**
 * True for a path of the app's own router, which is answered with `index.html`: by the server, and by the service worker where
 * there is one. A path with a file's ending or a hidden folder is a file or nothing.
 */
export function isAppPath(path: string): boolean {
  return !NOT_THE_APP.test(path) && !/\.[^/]*$|\/\./.test(path)
}
