import '../styles/menus.css'
import { computed } from '@preact/signals-core'
import type { CompletionSources } from '#shared/commands/complete-command.ts'
import type { Model } from '#shared/models.ts'
import type { Conversation } from '#shared/records.ts'
import type { App } from '../app.ts'
import { conversationCandidates, modelCandidates, personaCandidates } from '../commands/candidates.ts'
import type { CommandHost } from '../commands/command-host.ts'
import { runLine, submitLine } from '../commands/run-command.ts'
import { hasAppleKeyboard } from '../platform/input-kind.ts'
import { isNarrowScreen } from '../platform/narrow-screen.ts'
import { parsePath } from '../platform/router.ts'
import { formatPrice, formatWhen, shortModel } from './format.ts'
import type { KeyTargets } from './keyboard.ts'
import { openPalette } from './menus/palette.ts'
import { attachSlashMenu } from './menus/slash-menu.ts'
import { pressKey } from './press-key.ts'
import { promptMeter } from './prompt-meter.ts'
import { lastCode, turnAt } from './turn-keys.ts'

/** Everything that commands need and the first paint does not: the grammar, the menus, what each key does. */
export interface CommandKit {
  /** Does what a key means. False when it means nothing here. */
  press(event: KeyboardEvent): boolean
  /** Does the line in the message box. */
  submit(): void
  /** The key with the slash: begins a command, or offers them all where a prompt is being written. */
  slash(): void
}

/** Builds the kit, and hangs the slash menu and the meter on the message box. */
export function createCommandKit(app: App, targets: KeyTargets): CommandKit {
  const { composer, sheets } = targets
  const sources = computed<CompletionSources>(() => ({
    model: modelCandidates(app, modelWords),
    persona: personaCandidates(app, ({ model }) => (model === null ? '' : shortModel(model))),
    conversation: conversationCandidates(app, ({ updated_at }) => formatWhen(updated_at, app.nowMs.value)),
  }))
  const openCommands = (text: string): void => {
    if (targets.host.querySelector('dialog[open]') !== null) return
    openPalette(targets.host, {
      text,
      sources,
      isApple: hasAppleKeyboard(),
      onRun: line => void runLine(host, `/${line}`),
    })
  }
  const host: CommandHost = {
    app,
    turn: () => turnAt(app, targets.log)?.turn ?? null,
    conversation: () => focusedConversation(app) ?? app.chat.conversation.peek(),
    lastCode: () => lastCode(targets.log),
    focusComposer: composer.focus,
    openModels: sheets.openModels,
    openPalette: openCommands,
    openSession: sheets.openSession,
    openTags: sheets.openTags,
    openExport: sheets.openExport,
    openImport: sheets.openImport,
    openSetup: sheets.openSetup,
    openKeys: sheets.openKeys,
    find: words => find(app, targets, words),
  }
  targets.meter.value = promptMeter(app)
  attachSlashMenu(app.alive, {
    composer,
    host: composer.element.parentElement ?? composer.element,
    text: app.composer.text,
    sources,
    onWrite: app.composer.write,
    onSubmit: () => submitLine(host),
  })
  return {
    press: event => pressKey(event, { host, targets }),
    submit: () => submitLine(host),
    slash() {
      if (app.composer.text.peek().trim() !== '') {
        openCommands('>')
        return
      }
      app.composer.write('/')
      composer.focus()
    },
  }
}

function modelWords({ price }: Model): string {
  if (price === null) return 'unpriced'
  return price.input === 0 && price.output === 0 ? 'free' : `${formatPrice(price.input)} / ${formatPrice(price.output)}`
}

function focusedConversation(app: App): Conversation | null {
  const link = document.activeElement?.closest('.list a.row-main')
  const route = link instanceof HTMLAnchorElement ? parsePath(link.pathname) : null
  if (route?.name !== 'chat') return null
  const store = app.shelf.current.peek() === 'chats' ? app.conversations : app.shelf.chats
  return store.list.peek().find(({ id }) => id === route.conversationId) ?? null
}

function find(app: App, { list }: KeyTargets, words: string): void {
  // On a phone the list is a screen of its own.
  if (isNarrowScreen()) app.router.go({ name: 'chats' })
  list.focusFind(words)
}
