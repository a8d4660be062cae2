import type { ReadonlySignal, Signal } from '@preact/signals-core'
import type { App } from '../app.ts'
import type { CommandKit } from './command-kit.ts'
import type { Composer, RuleWords } from './components/composer.ts'
import type { Mode } from './components/status-bar.ts'
import { fetchPart } from './screens/fetch-part.ts'
import type { EndFollower } from './screens/follow-end.ts'
import type { ListPane } from './screens/list-pane.ts'
import type { Sheets } from './screens/sheets.ts'

export type KeyTargets = {
  readonly mode: Signal<Mode>
  readonly log: HTMLElement
  readonly follower: EndFollower
  readonly composer: Composer
  readonly list: ListPane
  readonly sheets: Sheets
  /** Takes what says how large the draft is. */
  readonly meter: Signal<ReadonlySignal<RuleWords | null> | null>
  /** Where sheets are opened. */
  readonly host: HTMLElement
  /** The commands are fetched then. */
  readonly whenPainted: Promise<void>
}

/** The commands of the page, whose code is fetched after the first paint. */
export type Commands = { use(work: (kit: CommandKit) => void): void }

/** Keys as in an editor: INS while a text box has the focus, FIND in the find line, NAV otherwise. */
export function handleKeys(app: App, targets: KeyTargets): Commands {
  const { alive } = app
  let kit: CommandKit | null = null
  let fetching: Promise<CommandKit> | null = null
  const fetchKit = async (): Promise<CommandKit> => {
    const { createCommandKit } = await import('./command-kit.ts')
    kit ??= createCommandKit(app, targets)
    return kit
  }
  const use = (work: (kit: CommandKit) => void): void =>
    fetchPart(app, async () => {
      fetching ??= fetchKit().finally(() => {
        fetching = null
      })
      work(kit ?? (await fetching))
    })
  const noteMode = (): void => {
    targets.mode.value = modeOf(document.activeElement)
  }
  document.addEventListener('focusin', noteMode, { signal: alive })
  document.addEventListener('focusout', () => queueMicrotask(noteMode), { signal: alive })
  // A new chat has the focus in its box before anybody listens.
  noteMode()
  document.addEventListener(
    'keydown',
    event => {
      // An open sheet has its own keys, and an input method owns what it composes.
      if (event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return
      if (kit === null) {
        if (!isTyping(event)) use(ready => ready.press(event))
      } else if (kit.press(event)) event.preventDefault()
    },
    { signal: alive },
  )
  void targets.whenPainted.then(() => use(() => undefined))
  return { use }
}

function modeOf(focus: Element | null): Mode {
  if (focus instanceof HTMLTextAreaElement) return 'INS'
  return focus instanceof HTMLInputElement && focus.type === 'search' ? 'FIND' : 'NAV'
}

/** True for a key that writes: it has done so by the time the commands are here. */
function isTyping({ target, ctrlKey, metaKey, altKey, key }: KeyboardEvent): boolean {
  const isBox = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
  return isBox && !ctrlKey && !metaKey && !altKey && key !== 'Escape'
}
