import type { Link } from '../../stores/connection-store.ts'
import { formatDuration } from '../format.ts'

export type LinkWords = {
  /** For styling: `ok`, `slow`, `off`, `bad`. */
  readonly net: 'ok' | 'slow' | 'off' | 'bad'
  readonly lamp: string
  readonly words: string
  /** What drops out where there is little room. */
  readonly detail: string
}

/** The first field of the connection line. Offline, silent, broken and refused are four different words. */
export function linkWords(link: Link, nowMs: number): LinkWords {
  switch (link.state) {
    case 'unknown':
      return { net: 'slow', lamp: '◐', words: 'pi', detail: '' }
    case 'up':
      return { net: 'ok', lamp: '●', words: 'pi', detail: `${Math.round(link.latencyMs)}ms` }
    case 'slow':
      return { net: 'slow', lamp: '◐', words: 'pi', detail: formatDuration(link.latencyMs) }
    case 'offline':
      return { net: 'off', lamp: '○', words: 'offline', detail: since(link.sinceMs, nowMs) }
    case 'silent':
      return { net: 'bad', lamp: '▲', words: 'pi silent', detail: since(link.sinceMs, nowMs) }
    case 'broken':
      return { net: 'bad', lamp: '▲', words: link.status === null ? 'pi broken' : `pi ${link.status}`, detail: '' }
    case 'log-in':
      return { net: 'bad', lamp: '◎', words: 'log in', detail: '' }
    default:
      return link satisfies never
  }
}

function since(sinceMs: number, nowMs: number): string {
  return nowMs - sinceMs < 60_000 ? '' : formatDuration(nowMs - sinceMs)
}
