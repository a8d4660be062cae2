import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { formatAnswerCost } from '#shared/money.ts'
import type { Message } from '#shared/records.ts'
import { estimateTokens } from '#shared/token-estimate.ts'
import type { LiveRun } from '../../runs/live-run.ts'
import { childLife, watch } from '../../signals/watch.ts'
import { bindAttribute, bindShown, on, shownPart } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { formatDuration, formatTokens, shortModel } from '../format.ts'
import { answerDurationMs, answerFacts, metaFields, tokensRead, tokensWritten } from './answer-facts.ts'
import { factList } from './facts.ts'

export type AnswerMetaOptions = {
  readonly isOpen: ReadonlySignal<boolean>
  onToggle(): void
  /** Opens all that can be done with the answer. */
  onMore(): void
  nowMs(): number
}

const LIVE_EVERY_MS = 250

/** The status line of an answer. While it is written: tokens and rate; after: a button that opens the details. */
export function answerMeta(
  alive: AbortSignal,
  message: ReadonlySignal<Message>,
  live: ReadonlySignal<LiveRun | null>,
  options: AnswerMetaOptions,
): HTMLElement {
  const button = el('button', { type: 'button', class: 'meta' })
  const more = el(
    'button',
    { type: 'button', class: 'key more', 'aria-label': 'All actions', 'aria-haspopup': 'dialog' },
    '⋮',
  )
  on(alive, button, 'click', options.onToggle)
  on(alive, more, 'click', options.onMore)
  bindAttribute(
    alive,
    button,
    'aria-expanded',
    computed(() => String(options.isOpen.value)),
  )
  watch(alive, message, answer => fillStored(button, answer))
  const isStored = computed(() => live.value === null)
  const stored = el('div', { class: 'meta-row' }, button, more)
  bindShown(alive, stored, isStored)
  const isWritten = computed(() => !isStored.value)
  const line = shownPart(alive, isWritten, () => liveLine(alive, { message, live, nowMs: options.nowMs }))
  const hasFacts = computed(() => options.isOpen.value && isStored.value)
  const facts = shownPart(alive, hasFacts, () => {
    const rows = computed(() => answerFacts(message.value))
    return el('div', { class: 'meta-open' }, factList(alive, rows))
  })
  return el('div', { class: 'meta-box' }, line, stored, facts)
}

type LiveLineOptions = {
  readonly message: ReadonlySignal<Message>
  readonly live: ReadonlySignal<LiveRun | null>
  nowMs(): number
}

function liveLine(alive: AbortSignal, { message, live, nowMs }: LiveLineOptions): HTMLElement {
  const line = el('div', { class: 'meta' })
  let life: ReturnType<typeof childLife> | null = null
  watch(alive, live, run => {
    life?.end()
    life = null
    if (run === null) return
    life = childLife(alive)
    showLive(life.alive, line, { model: message.peek().model, run, nowMs })
  })
  return line
}

function fillStored(button: HTMLElement, answer: Message): void {
  const durationMs = answerDurationMs(answer)
  const time =
    durationMs === null || answer.status === 'cancelled'
      ? null
      : el('span', { class: 'lo' }, separator(), formatDuration(durationMs))
  button.replaceChildren(...joined(metaFields(answer)), ...(time === null ? [] : [time]))
  button.setAttribute('aria-label', `${spokenMeta(answer, durationMs)}. Details`)
}

function spokenMeta(answer: Message, durationMs: number | null): string {
  const words = [shortModel(answer.model)]
  const read = tokensRead(answer)
  if (read !== null) words.push(`${read} tokens in, ${tokensWritten(answer)} out`)
  if (answer.price_state !== null) words.push(formatAnswerCost(answer.cost_nanousd, answer.price_state))
  if (durationMs !== null) words.push(`${(durationMs / 1_000).toFixed(1)} seconds`)
  if (answer.status !== 'complete') words.push(answer.status)
  return words.join(', ')
}

type Live = { readonly model: string | null; readonly run: LiveRun; nowMs(): number }

function showLive(alive: AbortSignal, line: HTMLElement, { model, run, nowMs }: Live): void {
  const words = signal<readonly string[]>([])
  const count = tokenCounter()
  const tick = (): void => {
    words.value = liveFields(run, count(run), nowMs())
  }
  tick()
  const handle = window.setInterval(tick, LIVE_EVERY_MS)
  alive.addEventListener('abort', () => window.clearInterval(handle), { once: true })
  watch(alive, words, fields => {
    line.replaceChildren(glyph('', 'spin'), '\u00a0', ...joined([shortModel(model), ...fields]))
  })
}

/** Counts only what is new since the last call, so that a long answer costs no more than its length. */
function tokenCounter(): (run: LiveRun) => number {
  let seen = 0
  let tokens = 0
  return run => {
    const [reasoning, text] = [run.reasoning.peek(), run.text.peek()]
    const length = reasoning.length + text.length
    if (length < seen) {
      seen = 0
      tokens = 0
    }
    tokens += estimateTokens(reasoning.slice(seen) + text.slice(Math.max(0, seen - reasoning.length)))
    seen = length
    return tokens
  }
}

function liveFields(run: LiveRun, counted: number, nowMs: number): readonly string[] {
  const link = run.link.peek()
  switch (link) {
    case 'reconnecting':
      return ['connecting']
    case 'following': {
      const startedAtMs = run.firstPieceAtMs.peek()
      if (run.isStopping.peek()) return ['stopping']
      if (counted === 0) return ['waiting for the first word']
      const seconds = startedAtMs === null ? 0 : (nowMs - startedAtMs) / 1_000
      const rate = seconds < 0.5 ? [] : [`${Math.round(counted / seconds)}/s`]
      const usage = run.usage.peek()
      const cost = usage === null ? [] : [formatAnswerCost(usage.cost_nanousd, 'reported')]
      return [`≈ ${formatTokens(counted)} tok`, ...rate, ...cost]
    }
    default:
      return link satisfies never
  }
}

/** The model's name gives way when the line is too narrow. */
function joined(fields: readonly string[]): (Node | string)[] {
  return fields.flatMap((field, index) => (index === 0 ? [el('span', { class: 'cut' }, field)] : [separator(), field]))
}

function separator(): HTMLElement {
  return el('span', { class: 'sep', 'aria-hidden': 'true' }, '·')
}
