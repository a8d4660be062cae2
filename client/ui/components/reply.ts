import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Citation, Message } from '#shared/records.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import type { ReadableText } from '../../runs/growing-text.ts'
import type { LiveRun } from '../../runs/live-run.ts'
import { watchFrames } from '../../signals/frame.ts'
import { watch } from '../../signals/watch.ts'
import type { Delivery } from '../../stores/delivery.ts'
import { bindAttribute, bindShown, bindText, shownPart } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { formatDuration, formatTokens } from '../format.ts'
import { deliveryWords } from './delivery-words.ts'

/** Shows a growing Markdown text in `root` until `alive` ends. */
export type ShowMarkdown = (
  alive: AbortSignal,
  options: {
    readonly root: HTMLElement
    readonly messageId: string
    readonly text: ReadonlySignal<ReadableText>
    readonly isDone: ReadonlySignal<boolean>
    /** What `root` shows already, as it stays. */
    readonly shownText?: string
    onRender(): void
  },
) => void

export type ReplyOptions = {
  readonly showMarkdown: ShowMarkdown
  /** How the prompt stands on its way, while it has no answer. */
  readonly delivery: ReadonlySignal<Delivery | null>
  readonly nowMs: ReadonlySignal<number>
  onRender(): void
}

/** The answer of a turn: folded reasoning, the text, its sources, and what went wrong if it did. */
export function reply(
  alive: AbortSignal,
  message: ReadonlySignal<Message>,
  live: ReadonlySignal<LiveRun | null>,
  options: ReplyOptions,
): HTMLElement {
  const text = computed((): ReadableText => live.value?.text.value ?? message.value.content)
  const isWaiting = computed(() => message.value.status === 'queued')
  const isDone = computed(() => live.value === null && message.value.status !== 'streaming')
  const answer = el('div', { class: 'answer', dir: 'auto' })
  options.showMarkdown(alive, {
    root: answer,
    messageId: message.peek().id,
    text,
    isDone,
    onRender: options.onRender,
  })
  const box = el(
    'div',
    { class: 'reply' },
    reasoningFold(alive, message, live),
    answer,
    sourceList(
      alive,
      computed(() => live.value?.citations.value ?? message.value.citations),
    ),
    deliveryNote(alive, message, options),
    outcomeNote(alive, message, live),
  )
  bindAttribute(
    alive,
    box,
    'aria-busy',
    computed(() => (isDone.value ? null : 'true')),
  )
  bindShown(
    alive,
    answer,
    computed(() => text.value.length > 0 || !(isDone.value || isWaiting.value)),
  )
  return box
}

function reasoningFold(
  alive: AbortSignal,
  message: ReadonlySignal<Message>,
  live: ReadonlySignal<LiveRun | null>,
): Node {
  const text = computed(() => live.value?.reasoning.value ?? message.value.reasoning ?? '')
  const isThinking = computed(() => live.value !== null && live.value.text.value.length === 0)
  const words = computed(() => {
    if (isThinking.value) return 'thinking'
    const { tokens_reasoning: count } = message.value
    const thought = thoughtWords(message.value)
    // Most servers do not count it; then the count is ours and says so.
    if (count !== null && count > 0) return `${thought} · ${formatTokens(count)} tok`
    return live.value === null ? `${thought} · ≈ ${formatTokens(estimateTokens(text.value))} tok` : thought
  })
  const isThere = computed(() => text.value !== '')
  return shownPart(alive, isThere, () => {
    const summary = el('summary')
    const body = el('p', { dir: 'auto' })
    bindText(alive, summary, words)
    watchFrames(alive, text, value => {
      body.textContent = value
    })
    return el('details', { class: 'think' }, summary, body)
  })
}

function thoughtWords({ first_token_at, first_text_at }: Message): string {
  if (first_token_at === null || first_text_at === null) return 'thought'
  const durationMs = first_text_at - first_token_at
  return `thought for ${durationMs < 59_500 ? `${Math.max(1, Math.round(durationMs / 1_000))} s` : formatDuration(durationMs)}`
}

function sourceList(alive: AbortSignal, citations: ReadonlySignal<readonly Citation[]>): Node {
  const isThere = computed(() => citations.value.length > 0)
  return shownPart(alive, isThere, () => {
    const list = el('ol', { class: 'sources', 'aria-label': 'Sources' })
    watch(alive, citations, rows => list.replaceChildren(...rows.map(sourceRow)))
    return list
  })
}

function sourceRow(citation: Citation): HTMLElement {
  const name = citation.title ?? citation.url ?? citation.quote ?? 'source'
  // Only web addresses become links: a model's answer must not name a script or a file to open.
  const isWeb = citation.url !== null && /^https?:\/\//i.test(citation.url)
  if (!isWeb) return el('li', {}, name)
  return el('li', {}, el('a', { href: citation.url, target: '_blank', rel: 'noopener noreferrer' }, name))
}

function deliveryNote(alive: AbortSignal, message: ReadonlySignal<Message>, options: ReplyOptions): Node {
  const words = computed(() => {
    const delivery = options.delivery.value
    return delivery === null ? '' : deliveryWords(delivery, options.nowMs.value - message.value.created_at)
  })
  const isThere = computed(() => words.value !== '')
  return shownPart(alive, isThere, () => {
    const note = el('p', { class: 'warn', role: 'status' })
    bindText(alive, note, words)
    return note
  })
}

function outcomeNote(
  alive: AbortSignal,
  message: ReadonlySignal<Message>,
  live: ReadonlySignal<LiveRun | null>,
): HTMLElement {
  const box = el('div')
  watch(
    alive,
    computed(() => noteOf(message.value, live.value)),
    note => box.replaceChildren(...(note === null ? [] : [note])),
  )
  return box
}

function noteOf(message: Message, live: LiveRun | null): HTMLElement | null {
  if (live?.link.value === 'reconnecting')
    return el('p', { class: 'dim' }, 'The line dropped. The pi goes on writing; connecting again.')
  if (live !== null) return null
  if (message.status === 'interrupted')
    return el(
      'p',
      { class: 'warn' },
      message.error?.message ?? 'Interrupted: the pi restarted. What came is kept, and nothing is sent twice.',
    )
  if (message.status === 'error') return stopNote(message)
  return null
}

function stopNote(message: Message): HTMLElement {
  const words = message.error?.message ?? 'The answer stopped.'
  const [first = '', ...rest] = words.split(/(?<=[.?!])\s+/)
  const head = el(
    'p',
    {},
    el('span', { class: 'tag', 'data-tone': 'err' }, `✗ ${message.error?.code ?? 'failed'}`),
    el('span', { class: 'bright' }, first),
  )
  return el('div', { class: 'stop-note', role: 'alert' }, head, rest.length === 0 ? null : el('p', {}, rest.join(' ')))
}
