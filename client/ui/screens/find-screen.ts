import '../../styles/find.css'
import { computed } from '@preact/signals-core'
import { parseQuery } from '#shared/search-query.ts'
import type { App } from '../../app.ts'
import { dayOf } from '../../platform/day.ts'
import { isNarrowScreen, narrowScreen } from '../../platform/narrow-screen.ts'
import type { Route } from '../../platform/router.ts'
import type { FoundChat } from '../../search/find-answer.ts'
import { loosenedParts } from '../../search/loosened-parts.ts'
import { childLife, watch } from '../../signals/watch.ts'
import type { Hit } from '../../stores/find-store.ts'
import { foundList } from '../components/found-list.ts'
import { routeOf } from '../components/found-row.ts'
import { hitKeys } from '../components/hit-keys.ts'
import { bindAttribute, bindShown, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { isLetterOff } from '../letters-off.ts'
import { findMenu } from '../menus/find-menu.ts'
import { showHit } from '../show-hit.ts'
import { findResults } from './find-results.ts'
import type { EndFollower } from './follow-end.ts'

type FindParts = {
  /** The list pane. */
  readonly element: HTMLElement
  readonly findInput: HTMLInputElement
  /** The chat that is shown. */
  readonly talk: HTMLElement
  readonly log: HTMLElement
  readonly follower: EndFollower
}

/** Makes the find line find: results in the place of the chats, the chosen one shown beside them, and keys to go through them. */
export function findScreen(alive: AbortSignal, app: App, parts: FindParts): void {
  const { findInput, element: pane } = parts
  const text = computed(() => (app.router.route.value.name === 'find' ? app.router.route.value.query : null))
  const results = findResults(alive, app, text)
  const all = computed(() => [...results.chats.value, ...results.near.value, ...results.older.value])
  const { hit } = app.find
  const chosen = computed(
    () => all.value.find(({ conversationId }) => conversationId === hit.value?.conversationId) ?? null,
  )
  /** The place of the chosen hit among those of its chat, -1 where its title was found. */
  const hitIndex = computed(() => chosen.value?.messageIds.indexOf(hit.value?.messageId ?? '') ?? -1)
  const found = foundList(alive, { ...results, chosen, nowMs: app.nowMs, onAskServer: results.askServer })
  pane.querySelector('.list-scroll')?.after(found)
  const isFinding = computed(() => text.value !== null)
  bindShown(alive, found, isFinding)
  bindAttribute(alive, pane, 'data-finding', isFinding)
  watch(alive, isFinding, is => {
    app.find.keys.value = is ? '↑ ↓ move · ↵ open · esc back' : ''
  })
  let before: Route = { name: 'chats' }
  watch(alive, app.router.route, route => {
    const isResult = route.name === 'chat' && route.messageId !== undefined
    if (route.name !== 'find' && !isResult) before = route
  })

  const leave = (): void => {
    findInput.value = ''
    findInput.blur()
    app.router.go(before)
  }
  findInput.after(clearKey(alive, leave, isFinding))

  /** Opens the chosen result: its chat takes the place of the search, to which the back gesture returns. */
  const open = (isReplacing: boolean): void => {
    const chat = chosen.peek()
    if (chat === null) return
    app.router.go(routeOf(chat, Math.max(0, hitIndex.peek())), { replace: isReplacing })
    findInput.blur()
  }
  const choose = (chat: FoundChat | undefined, index = 0): void => {
    if (chat === undefined) return
    hit.value = hitOf(chat, index)
    found.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }
  const neighbour = (step: 1 | -1): FoundChat | undefined => {
    const chats = all.peek()
    const now = chats.findIndex(({ conversationId }) => conversationId === chosen.peek()?.conversationId)
    return now === -1 ? chats[0] : chats[now + step]
  }
  /** To the next hit of this chat, or to the next chat. */
  const moveHit = (step: 1 | -1): void => {
    const chat = chosen.peek()
    const index = hitIndex.peek() + step
    if (chat?.messageIds[index] !== undefined) choose(chat, index)
    else {
      const next = neighbour(step)
      choose(next, step === 1 ? 0 : Math.max(0, (next?.messageIds.length ?? 1) - 1))
    }
  }

  const lookFor = (query: string): void => {
    const isInside = app.router.route.peek().name === 'find'
    app.router.go({ name: 'find', query }, { replace: isInside })
  }
  pane.append(findMenu(alive, { input: findInput, text, known: filterValues(app), onWrite: lookFor }))
  on(alive, findInput, 'input', () => lookFor(findInput.value))
  on(alive, findInput, 'keydown', event => {
    if (event.isComposing) return
    if (event.key === 'Escape') leave()
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') choose(neighbour(event.key === 'ArrowDown' ? 1 : -1))
    else if (event.key === 'Enter' && all.peek().length > 0) {
      if (chosen.peek() === null) choose(all.peek()[0])
      open(false)
    } else return
    event.preventDefault()
    event.stopPropagation()
  })
  const isOpened = (): boolean => app.router.route.peek().name === 'chat' && app.find.wanted.peek() !== null
  document.addEventListener(
    'keydown',
    event => {
      if (event.defaultPrevented || isTyping(event) || isLetterOff(app, event.key)) return
      if (document.querySelector('dialog[open]') !== null) return
      const isHere = isFinding.peek() || (isOpened() && chosen.peek() !== null)
      if (!isHere || (event.key !== 'n' && event.key !== 'N' && event.key !== 'Escape')) return
      event.preventDefault()
      if (event.key === 'Escape') return isFinding.peek() ? leave() : back(app, results.answer.peek()?.text ?? '')
      moveHit(event.key === 'n' ? 1 : -1)
      if (isOpened()) open(true)
    },
    { signal: alive, capture: true },
  )

  followText(alive, app, { text, findInput })
  let answered = ''
  watch(alive, results.answer, answer => {
    if (answer === null || !isFinding.peek()) return
    const shown = chosen.peek()
    if (answer.text === answered && shown !== null) {
      // Its title was found before its messages were here.
      if (hitIndex.peek() === -1 && shown.messageIds.length > 0) choose(shown)
      return
    }
    answered = answer.text
    const best = all.peek()[0]
    // On a wide screen the best result is shown at once; a phone shows the list.
    hit.value = !isNarrowScreen() && best !== undefined ? hitOf(best, 0) : null
  })
  watch(alive, app.router.route, route => {
    if (route.name !== 'chat' || route.conversationId === null || route.messageId === undefined) return
    hit.value = { conversationId: route.conversationId, messageId: route.messageId }
  })
  const hitPlace = computed(() => {
    const isShown = app.find.wanted.value?.conversationId === chosen.value?.conversationId
    const count = chosen.value?.messageIds.length ?? 0
    return isShown && count > 0 ? `hit ${hitIndex.value + 1} of ${count}` : ''
  })
  const isNarrow = narrowScreen(alive)
  parts.talk.append(
    hitKeys(alive, {
      words: computed(() => (isNarrow.value ? hitPlace.value : '')),
      onMove: step => {
        moveHit(step)
        open(true)
      },
    }),
  )
  watch(
    alive,
    computed(() => (hitPlace.value === '' || isNarrow.value ? '' : `${hitPlace.value} · n next · N previous`)),
    words => {
      app.find.place.value = words
    },
  )
  showHits(alive, app, { ...parts, lookedFor: computed(() => results.answer.value?.text ?? '') })
}

/** What this device knows that a filter may name: models as they are offered, tags as the list has them. */
function filterValues(app: App) {
  return computed(() => ({
    models: app.models.models.value.map(({ id }) => id),
    tags: [...new Set(app.conversations.list.value.flatMap(({ tags }) => tags))].sort(),
    today: dayOf(app.nowMs.value),
  }))
}

function hitOf({ conversationId, messageIds }: FoundChat, index: number): Hit {
  return { conversationId, messageId: messageIds[index] ?? null }
}

/** What the address asks for stands in the line. */
function followText(
  alive: AbortSignal,
  app: App,
  { text, findInput }: { text: { readonly value: string | null }; findInput: HTMLInputElement },
): void {
  if (findInput.value !== '' && app.router.route.peek().name !== 'find')
    app.router.go({ name: 'find', query: findInput.value })
  watch(
    alive,
    computed(() => text.value),
    query => {
      if (query !== null && findInput.value !== query) findInput.value = query
      if (query !== null && document.activeElement === document.body) findInput.focus()
    },
  )
}

function showHits(
  alive: AbortSignal,
  app: App,
  { log, follower, lookedFor }: FindParts & { readonly lookedFor: { readonly value: string } },
): void {
  let shown: ReturnType<typeof childLife> | null = null
  const wanted = computed(() => {
    const hit = app.find.wanted.value
    return { hit, words: lookedFor.value }
  })
  watch(alive, wanted, ({ hit, words }) => {
    shown?.end()
    if (hit === null || hit.messageId === null) return
    shown = childLife(alive)
    showHit(shown.alive, app, hit, { log, follower, parts: loosenedParts(parseQuery(words).parts) })
  })
}

function clearKey(alive: AbortSignal, leave: () => void, isShown: { readonly value: boolean }): HTMLElement {
  const key = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Leave the search' }, '✕')
  on(alive, key, 'click', leave)
  bindShown(
    alive,
    key,
    computed(() => isShown.value),
  )
  return key
}

function back(app: App, query: string): void {
  app.router.go({ name: 'find', query })
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
}
