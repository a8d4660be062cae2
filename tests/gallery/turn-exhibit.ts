import { signal } from '@preact/signals-core'
import type { Message } from '#shared/records.ts'
import { createLiveRun, type LiveRun } from '../../client/runs/live-run.ts'
import type { Delivery } from '../../client/stores/delivery.ts'
import type { ShowMarkdown } from '../../client/ui/components/reply.ts'
import { skeletonTurn } from '../../client/ui/components/skeleton.ts'
import { turnParts } from '../../client/ui/components/turn.ts'
import { el } from '../../client/ui/dom/element.ts'
import { otherDevice } from '../../client/usage/device-names.ts'
import { type Exhibit, nothing } from './exhibit.ts'
import { HERE, LAPTOP, madeAnswer, madeTurn, NOW_MS, shownChat } from './made-up-rows.ts'

const nowMs = signal(NOW_MS)

type TurnState = {
  readonly answer: Message | null
  readonly live?: LiveRun
  readonly delivery?: Delivery
  readonly siblings?: number
  readonly isOpen?: boolean
  readonly question?: string
}

/** A question and its answer, in every state that an answer can be in. */
export function turnExhibit(showMarkdown: ShowMarkdown): Exhibit {
  const state = (shown: TurnState) => (alive: AbortSignal) => turn(alive, shown, showMarkdown)
  const {
    turns: [rich],
  } = shownChat('sqlite wal')
  const {
    turns: [scripts],
  } = shownChat('潮汐')
  const queued = madeAnswer({
    status: 'queued',
    content: '',
    rev: 0,
    cost_nanousd: null,
    price_state: null,
    tokens_input: null,
  })
  return {
    parts: ['components/turn', 'components/ask', 'components/reply', 'components/answer-meta', 'components/facts'],
    states: {
      complete: state({ answer: madeAnswer() }),
      'with its details open': state({ answer: madeAnswer({ id: 'open' }), isOpen: true }),
      'one of three, from another device': state({
        answer: madeAnswer({ id: 'third', device_id: LAPTOP }),
        siblings: 2,
      }),
      'with reasoning and sources': state({
        answer: madeAnswer({
          id: 'sources',
          reasoning: 'The radio sleeps first.',
          tokens_reasoning: 812,
          citations: [
            { url: 'https://example.org/radio', title: 'How radios sleep', quote: null, start: null, end: null },
          ],
        }),
      }),
      'all that Markdown has': state({ answer: madeAnswer({ id: 'rich', content: rich?.answers[0]?.text ?? '' }) }),
      'other scripts': state({
        answer: madeAnswer({ id: 'scripts', content: scripts?.answers[0]?.text ?? '' }),
        question: 'ما هو المد والجزر؟',
      }),
      'waiting for the first word': state({ answer: streaming(), live: liveRun('') }),
      streaming: state({ answer: streaming(), live: liveRun('The server only learns that a socket is dead when') }),
      'line dropped': state({ answer: streaming(), live: liveRun('The server only learns', 'reconnecting') }),
      cancelled: state({ answer: madeAnswer({ status: 'cancelled' }) }),
      interrupted: state({ answer: madeAnswer({ status: 'interrupted' }) }),
      error: state({
        answer: madeAnswer({
          status: 'error',
          error: {
            code: 'rate-limited',
            message: 'OpenAI stopped the answer. Too many requests on your key.',
            retryable: true,
          },
        }),
      }),
      'queued here': state({ answer: queued, delivery: { state: 'waiting' } }),
      'on its way': state({ answer: queued, delivery: { state: 'sending', isStuck: false } }),
      'held back': state({ answer: queued, delivery: { state: 'held', mid: 'one', reason: 'too-old' } }),
      'behind another': state({ answer: queued, delivery: { state: 'behind' } }),
      unanswered: state({ answer: null }),
      skeleton: () => skeletonTurn(),
    },
  }
}

function turn(alive: AbortSignal, shown: TurnState, showMarkdown: ShowMarkdown): HTMLElement {
  const { answer, live = null, delivery = null } = shown
  const item = el('li', { class: 'turn', 'data-state': live === null ? (answer?.status ?? 'unanswered') : 'streaming' })
  const known = { settings: new Map([['device-name.laptop', 'laptop']]), ownId: HERE }
  const parts = turnParts(alive, item, signal(madeTurn(answer, shown)), {
    live: () => signal(live),
    delivery: () => signal(delivery),
    showMarkdown,
    nowMs,
    exactNowMs: () => NOW_MS,
    otherDevice: id => otherDevice(id, known),
    onRender: nothing,
    onAct: nothing,
  })
  item.append(...parts)
  if (shown.isOpen) item.querySelector<HTMLElement>('button.meta')?.click()
  return el('ol', { class: 'chapter' }, item)
}

function streaming(): Message {
  return madeAnswer({ status: 'streaming', content: '', finished_at: null, cost_nanousd: null, price_state: null })
}

function liveRun(text: string, link: 'following' | 'reconnecting' = 'following'): LiveRun {
  const run = createLiveRun({ runId: 'run', conversationId: 'chat', messageId: 'answer-streaming' })
  if (text !== '') run.take({ type: 'token', data: { text } }, NOW_MS - 2_000)
  run.link.value = link
  return run
}
