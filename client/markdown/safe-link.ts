import { normalizeUri } from 'micromark-util-sanitize-uri'

/** A destination that may become a link: absolute `http`, `https` or `mailto`. */
export type SafeLink = { readonly url: string; readonly host: string; readonly carriedLength: number }

const ALLOWED = /^(?:https?:\/\/|mailto:)/i
const HOST_LIKE = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/gu
// A link is the one way out that needs a click: a long query can carry a conversation to another host.
const LONG_PATH = 200

/** Null for everything that is not an absolute web or mail address, and for addresses of this very app. */
export function safeLink(destination: string, ownOrigin: string): SafeLink | null {
  // What is checked is what the browser will read: escaping can turn `http://a.b\\c` into another address.
  const url = normalizeUri(destination)
  if (!ALLOWED.test(url) || !URL.canParse(url)) return null
  const parsed = new URL(url)
  if (parsed.origin === ownOrigin) return null
  const isMail = parsed.protocol === 'mailto:'
  return {
    url,
    host: isMail ? parsed.pathname : parsed.host,
    carriedLength: parsed.search.length + (isMail ? 0 : parsed.pathname.length + parsed.hash.length),
  }
}

/** What a reader must know before the click: the real host unless the text is it, and a long load. */
export function linkNote(link: SafeLink, text: string): string | undefined {
  const isLong = link.carriedLength > LONG_PATH
  if (isLong) return `${link.host}, carries ${link.carriedLength} characters`
  return namesHost(link.host, text) ? undefined : link.host
}

function namesHost(host: string, text: string): boolean {
  const named = text.toLowerCase().match(HOST_LIKE) ?? []
  const shown = withoutPort(host.toLowerCase())
  if (shown.includes('@')) return text.toLowerCase().includes(shown)
  const first = named[0]
  return first !== undefined && withoutWww(first) === withoutWww(shown)
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '')
}
