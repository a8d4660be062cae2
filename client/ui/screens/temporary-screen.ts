import '../../styles/temporary.css'
import { computed } from '@preact/signals-core'
import { followTemporary } from '../../actions/begin-temporary.ts'
import { keepTemporary } from '../../actions/keep-temporary.ts'
import type { App } from '../../app.ts'
import { TEMPORARY_CHAT } from '../../platform/chat-of-path.ts'
import type { Composer } from '../components/composer.ts'
import { bindAttribute, bindShown, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

type TemporaryParts = {
  /** The scroller of the chat. */
  readonly element: HTMLElement
  readonly composer: Composer
}

/** Marks the temporary chat where it is read and where it is written, says what becomes of it, and lets go of it when it is left. */
export function temporaryScreen(alive: AbortSignal, app: App, { element, composer }: TemporaryParts): void {
  const isTemporary = computed(() => app.chat.id.value === TEMPORARY_CHAT)
  const keep = el('button', { type: 'button', class: 'key brk' }, 'keep this chat')
  on(alive, keep, 'click', () => void keepTemporary(app))
  bindShown(
    alive,
    keep,
    computed(() => app.chat.turns.value.length > 0),
  )
  const words = el(
    'div',
    { class: 'temporary' },
    el(
      'p',
      {},
      el('span', { class: 'tag', 'data-tone': 'warn' }, 'temporary'),
      'In this page alone: gone when you open another chat, close or reload. The pi writes down what it costs, and no word of it.',
    ),
    keep,
  )
  bindShown(alive, words, isTemporary)
  element.prepend(words)
  const mark = el('span', { class: 'tag', 'data-tone': 'warn' }, 'temporary')
  bindShown(alive, mark, isTemporary)
  composer.element.querySelector('.rule')?.prepend(mark)
  const screen = element.closest('.screen')
  if (screen !== null)
    bindAttribute(
      alive,
      screen,
      'data-temporary',
      computed(() => (isTemporary.value ? '' : null)),
    )
  followTemporary(app)
}
