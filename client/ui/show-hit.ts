import { findMatches, type SearchPart } from '#shared/search-text.ts'
import type { App } from '../app.ts'
import type { Hit } from '../stores/find-store.ts'
import type { EndFollower } from './screens/follow-end.ts'
import { turnItems } from './turn-items.ts'

export type ShowHitOptions = {
  readonly log: HTMLElement
  readonly follower: EndFollower
  readonly parts: readonly SearchPart[]
}

/** Names the highlight in the styles. */
const HIGHLIGHT = 'hit'
/** The text comes piece by piece, from the database and from the worker that formats it; then nothing moves any more. */
const SETTLED_MS = 3000

/** Brings a message into view and marks the words in it, as soon as it is there; ends with `alive` or when the reader scrolls. */
export function showHit(alive: AbortSignal, app: App, hit: Hit, { log, follower, parts }: ShowHitOptions): void {
  const life = new AbortController()
  const end = (): void => life.abort()
  let marked = -1
  let shown: Element | null = null

  function look(): void {
    const turn = turnOf(app, log, hit)
    if (turn === null) return
    const ranges = rangesIn(turn, parts)
    mark(ranges)
    const target = ranges[0]?.startContainer.parentElement ?? turn.item
    if (ranges.length === marked && target === shown) return
    marked = ranges.length
    shown = target
    // A third of a screen stays above, for what leads to it.
    follower.toTop(target, (log.parentElement?.clientHeight ?? 0) / 3)
  }

  const watcher = new MutationObserver(look)
  watcher.observe(log, { childList: true, subtree: true, characterData: true })
  life.signal.addEventListener('abort', () => watcher.disconnect(), { once: true })
  alive.addEventListener(
    'abort',
    () => {
      end()
      mark([])
    },
    { once: true },
  )
  for (const act of ['wheel', 'touchmove', 'keydown'] as const)
    log.parentElement?.addEventListener(act, end, { signal: life.signal, passive: true })
  app.scheduler.after(SETTLED_MS, end)
  look()
}

type FoundTurn = { readonly item: HTMLElement; readonly text: Element | null }

function turnOf(app: App, log: HTMLElement, { messageId }: Hit): FoundTurn | null {
  const turns = app.chat.turns.peek()
  const index = turns.findIndex(({ question, answer }) => question.id === messageId || answer?.id === messageId)
  const item = turnItems(log)[index]
  if (item === undefined) return null
  const isQuestion = turns[index]?.question.id === messageId
  return { item, text: item.querySelector(isQuestion ? '.ask-text' : '.answer') }
}

/** The stretches of the page's text that match, over whatever elements they lie. */
function rangesIn({ text }: FoundTurn, parts: readonly SearchPart[]): readonly Range[] {
  if (text === null || parts.length === 0) return []
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
  const nodes: { readonly node: Node; readonly from: number }[] = []
  let whole = ''
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node, from: whole.length })
    whole += node.textContent ?? ''
  }
  return findMatches(whole, parts, whole.length).map(([start, end]) => {
    const range = document.createRange()
    const first = nodes.findLast(({ from }) => from <= start)
    const last = nodes.findLast(({ from }) => from < end)
    if (first !== undefined && last !== undefined) {
      range.setStart(first.node, start - first.from)
      range.setEnd(last.node, end - last.from)
    }
    return range
  })
}

/** Colours stretches of text without changing the page; a browser that cannot do so shows the message all the same. */
function mark(ranges: readonly Range[]): void {
  if (!('highlights' in CSS)) return
  if (ranges.length === 0) CSS.highlights.delete(HIGHLIGHT)
  else CSS.highlights.set(HIGHLIGHT, new Highlight(...ranges))
}
