import '../../styles/setup.css'
import '../../styles/transfer.css'
import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { EXPORT_FORMATS, type ExportFormat } from '#shared/transfer/export-formats.ts'
import type { ExportFlow, ExportState } from '../../transfer/export-flow.ts'
import type { ExportResult } from '../../transfer/transfer-messages.ts'
import { choice } from '../components/choice.ts'
import { type Job, jobBar } from '../components/job-bar.ts'
import { openSheet, type Sheet } from '../components/sheet.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { formatCount } from '../format.ts'

type ExportScope = {
  /** `this chat`, `3 chosen`. */
  readonly words: string
  readonly conversationIds: readonly string[]
}

export type ExportSheetOptions = {
  /** Null: everything, and nothing to choose from. */
  readonly scope: ExportScope | null
  readonly createFlow: (alive: AbortSignal) => ExportFlow
  canShare(file: File): boolean
  onSave(file: File): void
  onShare(file: File): void
}

const EVERYTHING = 'everything'

const FORMAT_WORDS: Readonly<Record<ExportFormat, string>> = {
  markdown: 'Text to read anywhere. One file a chat, several in a zip. The branch you see; no costs.',
  json: 'Everything there is, to bring in again: all branches, archive, trash, costs as they were. Never a key.',
  html: 'One page to keep, with a search of its own. It opens without any network.',
}

/** Takes chats out: what, as what, and then the file. */
export function openExportSheet(host: HTMLElement, options: ExportSheetOptions): void {
  openSheet(host, { label: 'Take out', kind: 'tall' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close' }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    const head = el('div', { class: 'sheet-in' }, glyph('↓'), el('h2', { class: 'bright' }, 'take out'), close)
    return [head, content(sheet, options)]
  })
}

function content(sheet: Sheet, options: ExportSheetOptions): HTMLElement {
  const { alive } = sheet
  const { scope } = options
  const flow = options.createFlow(alive)
  const what = signal(scope?.words ?? EVERYTHING)
  const format = signal<ExportFormat>('markdown')
  const whatChoice =
    scope === null
      ? []
      : [
          choice(alive, {
            label: 'what',
            values: [scope.words, EVERYTHING],
            current: what,
            onChange: to => (what.value = to),
          }),
        ]
  const formatChoice = choice(alive, {
    label: 'as',
    values: EXPORT_FORMATS,
    current: format,
    onChange: to => {
      format.value = to
    },
  })
  const about = el('p', { class: 'dim' })
  bindText(
    alive,
    about,
    computed(() => FORMAT_WORDS[format.value]),
  )
  const start = async (): Promise<void> => {
    const conversationIds = scope !== null && what.peek() === scope.words ? scope.conversationIds : null
    const result = await flow.start({ format: format.peek(), conversationIds })
    // A phone asks by its own sheet where a file goes, and only after a tap.
    if (result !== null && !options.canShare(result.file)) options.onSave(result.file)
  }
  const go = el('button', { type: 'button', class: 'key', 'data-kind': 'go', autofocus: true }, 'take out')
  on(alive, go, 'click', () => void start())
  bindShown(
    alive,
    go,
    computed(() => flow.state.value.at !== 'writing'),
  )
  const job = computed(() => jobOf(flow.state.value))
  return el(
    'div',
    { class: 'scroll setup-sheet transfer' },
    ...whatChoice,
    formatChoice,
    about,
    jobBar(alive, job, flow.stop),
    outcome(alive, flow.state, options),
    el('div', { class: 'acts' }, go),
  )
}

function outcome(alive: AbortSignal, state: ReadonlySignal<ExportState>, options: ExportSheetOptions): HTMLElement {
  const words = el('p', { role: 'status' })
  bindText(
    alive,
    words,
    computed(() => outcomeWords(state.value)),
  )
  const fileOf = () => (state.peek().at === 'done' ? resultOf(state.peek())?.file : undefined)
  const save = el('button', { type: 'button', class: 'key brk' }, 'save')
  on(alive, save, 'click', () => {
    const file = fileOf()
    if (file !== undefined) options.onSave(file)
  })
  const share = el('button', { type: 'button', class: 'key brk' }, 'share')
  on(alive, share, 'click', () => {
    const file = fileOf()
    if (file !== undefined) options.onShare(file)
  })
  const done = computed(() => resultOf(state.value))
  bindShown(
    alive,
    save,
    computed(() => done.value !== null),
  )
  bindShown(
    alive,
    share,
    computed(() => done.value !== null && options.canShare(done.value.file)),
  )
  return el('div', { class: 'outcome' }, words, save, share)
}

function resultOf(state: ExportState): ExportResult | null {
  return state.at === 'done' ? state.result : null
}

function outcomeWords(state: ExportState): string {
  switch (state.at) {
    case 'choose':
    case 'writing':
      return ''
    case 'failed':
      return state.message
    case 'done': {
      const { file, conversations, incomplete } = state.result
      const chats = `${formatCount(conversations)} ${conversations === 1 ? 'chat' : 'chats'}`
      const rest =
        incomplete === 0
          ? ''
          : ` Of ${formatCount(incomplete)} not all is on this device yet: wait until it is, or take them from the pi.`
      return `${file.name}: ${chats}, ${sizeWords(file.size)}.${rest}`
    }
    default:
      return state satisfies never
  }
}

function jobOf(state: ExportState): Job | null {
  if (state.at !== 'writing') return null
  const { chats, of } = state
  return { words: `writing ${formatCount(chats)} of ${formatCount(of)}`, share: of === 0 ? null : chats / of }
}

function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
