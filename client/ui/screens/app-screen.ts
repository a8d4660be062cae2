import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { formatTotal } from '#shared/money.ts'
import { chooseModel } from '../../actions/choose-model.ts'
import { wakeApp } from '../../actions/wake-app.ts'
import type { App } from '../../app.ts'
import { hasFinePointer } from '../../platform/input-kind.ts'
import { narrowScreen } from '../../platform/narrow-screen.ts'
import { watch } from '../../signals/watch.ts'
import { chatHead } from '../components/chat-head.ts'
import type { RuleWords } from '../components/composer.ts'
import { connectionLine } from '../components/connection-line.ts'
import { firstWords } from '../components/first-words.ts'
import { noteRows } from '../components/notes.ts'
import type { ShowMarkdown } from '../components/reply.ts'
import { NO_VALUES } from '../components/session-facts.ts'
import { sessionPane } from '../components/session-pane.ts'
import { type Mode, statusBar } from '../components/status-bar.ts'
import { syncWords } from '../components/sync-words.ts'
import { bindAttribute, bindShown, bindText } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { handleKeys } from '../keyboard.ts'
import { turnActs } from '../turn-acts.ts'
import { chatComposer } from './chat-composer.ts'
import { chatSummary, firstFacts, sessionValues, syncView, todayMoney } from './chat-values.ts'
import { listPane } from './list-pane.ts'
import { coverWithPages, pageHint, pageOf, placesOf } from './pages.ts'
import { createSheets } from './sheets.ts'
import { transcript } from './transcript.ts'

export type AppScreenOptions = {
  readonly showMarkdown: ShowMarkdown
  /** What else there is to fetch waits for the first paint. */
  readonly whenPainted: Promise<void>
}

/** The whole page: list, chat, session pane and status bar in one grid that answers to its own width. */
export function appScreen(app: App, host: HTMLElement, { showMarkdown, whenPainted }: AppScreenOptions): void {
  const { alive } = app
  const mode = signal<Mode>('NAV')
  const values = sessionValues(app)
  const sync = computed(() => syncWords(syncView(app)))
  const sheets = createSheets(app, host, values)
  const act = turnActs(app, {
    pickModel: sheets.openModels,
    focusComposer: () => composer.focus(),
    openTurn: turn => sheets.openTurn(turn, act),
  })
  const talk = transcript(alive, app, {
    showMarkdown,
    onAct: act,
  })
  const meter = signal<ReadonlySignal<RuleWords | null> | null>(null)
  const composer = chatComposer(alive, app, talk, {
    meter: computed(() => meter.value?.value ?? null),
    onModel: () => sheets.openModels(id => void chooseModel(app, id)),
    onCommands: () => commands.use(kit => kit.slash()),
    onLine: () => commands.use(kit => kit.submit()),
  })
  const isNarrow = narrowScreen(alive)
  const list = listPane(alive, app, {
    isNarrow,
    whenPainted,
    sync,
    onSync: sheets.openSetup,
    onWake: () => wakeApp(app),
  })
  const first = firstWords(alive, { facts: firstFacts(app), isUnconfigured: app.models.isUnconfigured })
  bindShown(
    alive,
    first,
    computed(() => app.chat.id.value === null),
  )
  talk.element.append(first)

  const chatMoney = computed(() => {
    const cost = app.chat.id.value === null ? app.usage.today.value : app.chat.costNanousd.value
    return cost === null ? '' : formatTotal(cost)
  })
  const head = chatHead(alive, {
    title: computed(() => (app.chat.id.value === null ? 'new chat' : (app.chat.conversation.value?.title ?? 'chat'))),
    summary: computed(() => app.find.place.value || chatSummary(app)),
    connection: connectionLine(alive, { link: app.connection.link, sync, nowMs: app.nowMs, money: chatMoney }),
    canNew: computed(() => app.chat.id.value !== null),
    onSession: sheets.openSession,
  })
  // On a narrow screen it is out of sight, and what it adds up of a long chat would be added up for nobody.
  const session = sessionPane(
    alive,
    computed(() => (isNarrow.value ? NO_VALUES : values.value)),
  )
  const said = el('p', { class: 'sr', role: 'status' })
  bindText(alive, said, app.announcement)
  const foot = el('div', { class: 'foot safe' }, noteRows(alive, app.notes.notes, app.notes.hide), composer.element)
  const screen = el(
    'div',
    { class: 'screen' },
    list.element,
    head,
    talk.element,
    el('aside', { class: 'side scroll', 'aria-label': 'Session' }, session),
    foot,
    statusBar(alive, {
      mode,
      connection: connectionLine(alive, {
        link: app.connection.link,
        sync,
        nowMs: app.nowMs,
        ...todayMoney(app),
        onSync: sheets.openSetup,
      }),
      places: placesOf(app),
      hereName: computed(() => pageOf(app) ?? 'chat'),
      hint: computed(() => app.find.keys.value || pageHint(app)),
      onKeys: sheets.openKeys,
    }),
    said,
  )
  bindAttribute(
    alive,
    screen,
    'data-route',
    computed(() => app.router.route.value.name),
  )
  watch(
    alive,
    computed(() => ({
      title: pageOf(app) ?? app.chat.conversation.value?.title ?? 'llm router',
      mark: app.installed.unread.value.size === 0 ? '' : '● ',
    })),
    ({ title, mark }) => {
      document.title = mark + (title === 'llm router' ? title : `${title} · llm router`)
    },
  )
  // Only now, behind the text size: Chromium goes on measuring a container by the size of text that it was first laid out with.
  host.classList.add('app')
  host.replaceChildren(screen)
  watch(alive, app.device, opened => {
    if (opened.state === 'closed' && (opened.reason === 'damaged' || opened.reason === 'silent'))
      sheets.openRecovery(opened)
  })
  coverWithPages(app, screen, () => list.focusFind())
  // With a keyboard at hand a new chat begins in the prompt; on a phone that would raise the keyboard unasked.
  watch(alive, app.chat.id, id => {
    if (id === null && app.router.route.peek().name === 'chat' && hasFinePointer()) composer.focus()
  })
  watch(alive, app.installed.wantsFind, isWanted => {
    if (!isWanted) return
    app.router.go({ name: 'chats' })
    app.installed.wantsFind.value = false
    // The list is on the screen once this change has gone round.
    queueMicrotask(list.focusFind)
  })
  const commands = handleKeys(app, {
    mode,
    log: talk.log,
    follower: talk.follower,
    composer,
    list,
    sheets,
    host,
    meter,
    whenPainted,
  })
  void whenPainted.then(() => {
    // Without it the line only takes text; a part that cannot be fetched comes with the next load of the page.
    import('./late-parts.ts').then(
      ({ lateParts }) => lateParts(alive, app, { talk, list, composer, session }),
      reportError,
    )
  })
}
