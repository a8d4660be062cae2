import { computed } from '@preact/signals-core'
import { PUSH_TITLE_SETTING } from '#shared/wire/push.ts'
import { createAnswerPush, type PushState } from '../../../actions/answer-push.ts'
import { changeSharedSetting } from '../../../actions/change-shared-setting.ts'
import { createPushEndpoints } from '../../../api/push-endpoints.ts'
import type { App } from '../../../app.ts'
import { createPushDevice, type PushPermission } from '../../../platform/push.ts'
import { choice } from '../../components/choice.ts'
import { type Fact, factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindShown, bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'

const PERMISSION_WORDS: Readonly<Record<PushPermission, string>> = {
  none: 'This browser has no notifications for pages like this one.',
  'installed-only':
    'An iPhone or iPad allows them only to the installed app: share → add to home screen, then open it there.',
  open: 'The browser asks you once. The answer itself is never sent.',
  granted: 'The browser allows them. The answer itself is never sent.',
  denied: 'You have told this browser no. It can be changed in its settings for this page.',
}

/** Whether this device is told of an answer that got ready while nobody was looking. */
export function notificationsSection(alive: AbortSignal, app: App): HTMLElement {
  const container: ServiceWorkerContainer | undefined = Reflect.get(navigator, 'serviceWorker')
  const push = createAnswerPush({
    device: createPushDevice(window, container?.ready ?? null),
    endpoints: createPushEndpoints(app.api),
  })
  void push.look().catch(reportError)
  const words = el('p', { class: 'dim', role: 'status' })
  bindText(
    alive,
    words,
    computed(() => wordsOf(push.state.value)),
  )
  const turnOn = el('button', { type: 'button', class: 'key brk' }, 'tell me')
  const turnOff = el('button', { type: 'button', class: 'key brk' }, 'stop telling me')
  on(alive, turnOn, 'click', () => void push.turnOn())
  on(alive, turnOff, 'click', () => void push.turnOff())
  bindShown(
    alive,
    turnOn,
    computed(() => canTurnOn(push.state.value)),
  )
  bindShown(
    alive,
    turnOff,
    computed(() => push.state.value.state === 'on'),
  )
  const facts = factList(
    alive,
    computed(() => [factOf(push.state.value)]),
  )
  return pageSection(
    { id: 'notifications', title: 'notifications' },
    el('div', { class: 'pad' }, facts, words, turnOn, turnOff, ...titleChoice(alive, app)),
  )
}

/** What a notification names, on all devices: the title of a chat is its first words, and stands on the locked screen. */
function titleChoice(alive: AbortSignal, app: App): readonly HTMLElement[] {
  return [
    choice(alive, {
      label: 'it names',
      values: ['nothing', 'the chat'],
      current: computed(() => (app.shared.value.byName.get(PUSH_TITLE_SETTING) === true ? 'the chat' : 'nothing')),
      onChange: named => void changeSharedSetting(app, PUSH_TITLE_SETTING, () => named === 'the chat'),
    }),
    el(
      'p',
      { class: 'dim' },
      'Naming the chat shows its title on a locked screen too. The choice holds for all your devices.',
    ),
  ]
}

function factOf(push: PushState): Fact {
  const name = 'when an answer is ready'
  switch (push.state) {
    case 'on':
      return { name, value: '✓ tells you', tone: 'ok' }
    case 'asking':
      return { name, value: 'asking' }
    case 'failed':
      return { name, value: 'not set up', tone: 'warn' }
    case 'unknown':
    case 'off':
      return { name, value: 'silent' }
    default:
      return push satisfies never
  }
}

function wordsOf(push: PushState): string {
  if (push.state === 'failed') return push.words
  return push.state === 'off' ? PERMISSION_WORDS[push.permission] : PERMISSION_WORDS.granted
}

function canTurnOn(push: PushState): boolean {
  if (push.state === 'failed') return true
  return push.state === 'off' && (push.permission === 'open' || push.permission === 'granted')
}
