import { computed, signal } from '@preact/signals-core'
import { chatHead } from '../../client/ui/components/chat-head.ts'
import { type ComposerOptions, composer, type RuleWords } from '../../client/ui/components/composer.ts'
import { connectionLine } from '../../client/ui/components/connection-line.ts'
import { firstWords } from '../../client/ui/components/first-words.ts'
import { ghostText } from '../../client/ui/components/ghost-text.ts'
import { noteRows } from '../../client/ui/components/notes.ts'
import type { ShowMarkdown } from '../../client/ui/components/reply.ts'
import { NO_VALUES } from '../../client/ui/components/session-facts.ts'
import { sessionPane } from '../../client/ui/components/session-pane.ts'
import { type Mode, statusBar } from '../../client/ui/components/status-bar.ts'
import { el } from '../../client/ui/dom/element.ts'
import { madeMessage } from '../helpers/made-message.ts'
import { type Exhibit, nothing } from './exhibit.ts'
import { MODELS, madeAnswer, NOW_MS, SENT_HERE, shownChat } from './made-up-rows.ts'
import { turnExhibit } from './turn-exhibit.ts'

const nowMs = signal(NOW_MS)
const QUIET: RuleWords = { words: '', tone: '' }

/** What stands in a chat: the head, the turns, the message box and what is around it. */
export function talkExhibits(showMarkdown: ShowMarkdown): readonly Exhibit[] {
  return [heads(), lines(), turnExhibit(showMarkdown), composers(), notes(), bars(), panes(), beginnings()]
}

function heads(): Exhibit {
  const head = (title: string, canNew: boolean) => (alive: AbortSignal) =>
    chatHead(alive, {
      title: signal(title),
      summary: signal('3 branches · 4 prompts · started 13:40'),
      connection: line(alive, { state: 'up', latencyMs: 12 }),
      canNew: signal(canNew),
      onSession: nothing,
    })
  return {
    parts: ['components/chat-head'],
    states: {
      'a chat': head('phone drops the stream', true),
      'a new chat': head('new chat', false),
      'a title without end': head(shownChat('a title').title, true),
    },
  }
}

type Link = Parameters<typeof connectionLine>[1]['link']['value']

function line(alive: AbortSignal, link: Link, sync = '✓ synced'): HTMLElement {
  const words = signal({ words: sync, tone: sync.startsWith('✓') ? ('' as const) : ('warn' as const) })
  return connectionLine(alive, { link: signal(link), sync: words, nowMs, money: signal('$0.0124') })
}

function lines(): Exhibit {
  const state = (link: Link, sync?: string) => (alive: AbortSignal) => line(alive, link, sync)
  return {
    parts: ['components/connection-line'],
    states: {
      up: state({ state: 'up', latencyMs: 12 }),
      slow: state({ state: 'slow', latencyMs: 1_900 }),
      offline: state({ state: 'offline', sinceMs: NOW_MS - 14 * 60_000 }, '↑ 2 queued'),
      silent: state({ state: 'silent', sinceMs: NOW_MS - 60_000 }, '↑ 3 of 12'),
      broken: state({ state: 'broken', status: 502 }, '▲ sync stopped'),
      refused: state({ state: 'log-in' }, '↓ 118 of 312'),
    },
  }
}

function composers(): Exhibit {
  const state = (values: Partial<ComposerOptions>) => (alive: AbortSignal) => box(alive, values)
  return {
    parts: ['components/composer', 'components/ghost-text'],
    states: {
      empty: state({ status: signal({ words: '↑ last question', tone: '' }) }),
      written: state({
        text: signal('What if the battery saver kills the socket?'),
        money: signal({ words: '≈ 1.9k tok · $0.006', tone: '' }),
      }),
      'many lines': state({ text: signal('one\ntwo\nthree\nfour') }),
      'right to left': state({ text: signal('ما هو المد والجزر؟ (tide 2)') }),
      'with its end written faintly': alive => {
        const text = signal('/m')
        const shown = composerOf(alive, { text })
        shown.line.append(ghostText(alive, text, signal('odel name')))
        return shown.element
      },
      offline: state({
        text: signal('And then?'),
        willQueue: signal(true),
        status: signal({ words: 'offline: will queue', tone: 'warn' }),
      }),
      answering: state({ isAnswering: signal(true), status: signal({ words: 'esc stops', tone: '' }) }),
      'answering, and the next is written': state({ text: signal('And then?'), isAnswering: signal(true) }),
      'a prompt is changed': state({
        text: signal('And then, in short?'),
        isEditing: signal(true),
        status: signal({ words: 'edit: makes a branch', tone: 'bright' }),
      }),
      'read far above': state({ hasLatest: signal(true) }),
      'over a limit': state({
        text: signal('And then?'),
        money: signal({ words: '≈ 1.9k tok · over the limit', tone: 'warn' }),
      }),
    },
  }
}

function box(alive: AbortSignal, values: Partial<ComposerOptions>): HTMLElement {
  return el('div', { class: 'foot' }, composerOf(alive, values).element)
}

function composerOf(alive: AbortSignal, values: Partial<ComposerOptions>) {
  return composer(alive, {
    text: signal(''),
    modelName: signal('sonnet-4-5'),
    isAnswering: signal(false),
    isEditing: signal(false),
    willQueue: signal(false),
    status: signal(QUIET),
    money: signal(QUIET),
    hasLatest: signal(false),
    doesEnterSend: signal(true),
    onWrite: nothing,
    onSubmit: nothing,
    onStop: nothing,
    onLeaveEdit: nothing,
    onLatest: nothing,
    onModel: nothing,
    onCommands: nothing,
    onEditLast: nothing,
    ...values,
  })
}

function notes(): Exhibit {
  const act = (label: string) => ({ label, run: nothing })
  const state =
    (...rows: Parameters<typeof noteRows>[1]['value']) =>
    (alive: AbortSignal) =>
      noteRows(alive, signal(rows), nothing)
  const gone = { id: 'gone', tag: 'gone', tone: 'plain', text: 'letter to the landlord', action: act('undo') } as const
  return {
    parts: ['components/notes'],
    states: {
      'with an act': state(gone),
      'to be read only': state({
        id: 'limit',
        tag: 'limit',
        tone: 'warn',
        text: 'This month has cost $16.20 of $20.00.',
        action: null,
      }),
      'two at once': state(gone, {
        id: 'full',
        tag: 'full',
        tone: 'err',
        text: 'This device has no room left. What you write is not kept here.',
        action: act('setup'),
      }),
    },
  }
}

function bars(): Exhibit {
  const state = (mode: Mode, here: string) => (alive: AbortSignal) =>
    statusBar(alive, {
      mode: signal(mode),
      connection: line(alive, { state: 'up', latencyMs: 12 }),
      places: ['chat', 'usage', 'setup'].map((name, index) => ({
        name,
        label: `${index + 1} ${name}`,
        path: signal(`/${name}`),
      })),
      hereName: signal(here),
      hint: signal('j k turn · / find'),
      onKeys: nothing,
    })
  return {
    parts: ['components/status-bar'],
    states: {
      'INS (wide only)': state('INS', 'chat'),
      'NAV on a page': state('NAV', 'usage'),
      FIND: state('FIND', 'chat'),
    },
  }
}

function panes(): Exhibit {
  const values = {
    modelId: MODELS[0]?.id ?? null,
    model: MODELS[0] ?? null,
    messages: [madeMessage(SENT_HERE), madeAnswer({ tokens_input: 61_000 })],
    costNanousd: 12_400_000,
    todayNanousd: 180_000_000,
    monthNanousd: 4_120_000_000,
  }
  return {
    parts: ['components/session-pane'],
    states: {
      'of a chat': alive => sessionPane(alive, signal(values)),
      'of a new chat, nothing known': alive => sessionPane(alive, signal(NO_VALUES)),
    },
  }
}

function beginnings(): Exhibit {
  const facts = signal([
    { name: 'raspberrypi.local', value: '✓ 12ms', tone: 'ok' as const },
    { name: 'providers', value: 'anthropic, ollama' },
    { name: 'answering now', value: 'sonnet-4-5' },
  ])
  return {
    parts: ['components/first-words'],
    states: {
      'with keys': alive => firstWords(alive, { facts, isUnconfigured: computed(() => false) }),
      'without any key': alive => firstWords(alive, { facts, isUnconfigured: computed(() => true) }),
    },
  }
}
