import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { isSearch, parseQuery } from '#shared/search-query.ts'
import { failureText } from '../../api/outcome.ts'
import type { App } from '../../app.ts'
import type { FindAnswer, FoundChat } from '../../search/find-answer.ts'
import { parseFound } from '../../search/parse-found.ts'
import { watch } from '../../signals/watch.ts'
import { countWords, GRAMMAR, whereWords } from '../components/find-words.ts'
import { loadWords } from '../components/load-words.ts'

/** What is on the screen of a search. */
export interface FindResults {
  readonly answer: ReadonlySignal<FindAnswer | null>
  readonly chats: ReadonlySignal<readonly FoundChat[]>
  readonly near: ReadonlySignal<readonly FoundChat[]>
  readonly older: ReadonlySignal<readonly FoundChat[]>
  readonly count: ReadonlySignal<string>
  readonly where: ReadonlySignal<string>
  readonly words: ReadonlySignal<readonly string[]>
  readonly olderWords: ReadonlySignal<string>
  readonly canAskServer: ReadonlySignal<boolean>
  askServer(): void
}

type ServerState =
  | { readonly kind: 'unasked' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly words: string }
  | { readonly kind: 'found'; readonly chats: readonly FoundChat[] }

const NO_CHATS: readonly FoundChat[] = []

/** Looks for what `text` says, again whenever this device has learnt something new; the server only when it is asked for. */
export function findResults(alive: AbortSignal, app: App, text: ReadonlySignal<string | null>): FindResults {
  const answer = signal<FindAnswer | null>(null)
  const server = signal<ServerState>({ kind: 'unasked' })
  watch(alive, text, () => {
    server.value = { kind: 'unasked' }
  })
  watch(
    alive,
    computed(() => [text.value, app.device.value, shareOf(app), app.conversations.list.value] as const),
    ([now]) => {
      // What was found stays at hand while one of its chats is open.
      if (now === null) return
      if (now.trim() === '') answer.value = null
      else void ask(app, answer, now)
    },
  )
  const chats = computed(() => answer.value?.chats ?? NO_CHATS)
  const isPartial = computed(() => !app.conversations.isAllHere.value)
  return {
    answer,
    chats,
    near: computed(() => answer.value?.near ?? NO_CHATS),
    older: computed(() => {
      const here = new Set(chats.value.map(({ conversationId }) => conversationId))
      return server.value.kind === 'found'
        ? server.value.chats.filter(({ conversationId }) => !here.has(conversationId))
        : NO_CHATS
    }),
    count: computed(() =>
      answer.value === null || !isSearch(parseQuery(answer.value.text)) ? '' : countWords(answer.value),
    ),
    where: computed(() => (answer.value === null ? '' : whereWords(answer.value))),
    words: computed(() => sentences(app, answer.value, text.value)),
    olderWords: computed(() => (isPartial.value && answer.value !== null ? olderWords(server.value) : '')),
    canAskServer: computed(() => ['unasked', 'failed'].includes(server.value.kind)),
    askServer: () => void askServer(app, server, text.peek() ?? ''),
  }
}

/** A new share of the index is news to whoever waits for results, and so is the index's coming. */
function shareOf(app: App): number {
  const device = app.device.value
  const state = device.state === 'open' ? device.device.search.value : null
  return state?.kind === 'here' ? state.share : -1
}

async function ask(app: App, answer: Signal<FindAnswer | null>, text: string): Promise<void> {
  const device = app.device.peek()
  if (device.state !== 'open') return
  const found = await device.device.find(text)
  if (found !== null) answer.value = found
}

function sentences(app: App, answer: FindAnswer | null, text: string | null): readonly string[] {
  if (text === null || text.trim() === '') return GRAMMAR
  const load = app.conversations.load.value
  if (load.state === 'closed') return [loadWords(load, 'These chats')]
  if (answer === null) return []
  const isNothing = answer.chats.length === 0 && isSearch(parseQuery(answer.text))
  const nothing = answer.share < 1 ? 'Nothing yet: the index of this device is still being made.' : NOTHING
  return [...answer.problems, ...(isNothing ? [nothing] : [])]
}

const NOTHING = 'No message on this device has all of this.'

function olderWords(server: ServerState): string {
  switch (server.kind) {
    case 'unasked':
      return 'Not all chats are on this device yet.'
    case 'asking':
      return 'Asking the pi.'
    case 'failed':
      return server.words
    case 'found':
      return server.chats.length === 0 ? 'The pi has nothing more.' : ''
    default:
      return server satisfies never
  }
}

async function askServer(app: App, server: Signal<ServerState>, text: string): Promise<void> {
  const asking: ServerState = { kind: 'asking' }
  server.value = asking
  const outcome = await app.endpoints.find(text)
  // Something else is being looked for now.
  if (server.peek() !== asking) return
  const chats = outcome.ok ? parseFound(outcome.value, parseQuery(text).parts) : null
  if (chats !== null) server.value = { kind: 'found', chats }
  else
    server.value = {
      kind: 'failed',
      words: outcome.ok ? 'Something answered that is not your pi.' : failureText(outcome.failure),
    }
}
