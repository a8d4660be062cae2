import '../../styles/setup.css'
import '../../styles/transfer.css'
import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import type { ImportFlow, ImportState } from '../../transfer/import-flow.ts'
import type { ImportHead } from '../../transfer/import-record.ts'
import { factList } from '../components/facts.ts'
import { type Job, jobBar } from '../components/job-bar.ts'
import { openSheet, type Sheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'
import { formatClock, formatCount, formatDay } from '../format.ts'
import { chooseFile } from './choose-file.ts'
import { reportFacts, skippedList } from './report-facts.ts'

export type ImportSheetOptions = {
  readonly flow: ImportFlow
  readonly nowMs: ReadonlySignal<number>
}

/** Brings chats in: a file, what is in it, and only then the chats. */
export function openImportSheet(host: HTMLElement, { flow, nowMs }: ImportSheetOptions): void {
  openSheet(host, { label: 'Bring in', kind: 'tall' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close' }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    const head = el('div', { class: 'sheet-in' }, glyph('↑'), el('h2', { class: 'bright' }, 'bring in'), close)
    const stage = el('div', { class: 'stage' })
    const job = computed(() => jobOf(flow.state.value))
    const shown = computed(() => (job.value === null ? flow.state.value : null))
    watch(sheet.alive, shown, state => {
      stage.replaceChildren(...(state === null ? [] : stageOf(sheet, flow, { state, nowMs: nowMs.peek() })))
    })
    const status = el('p', { class: 'sr', role: 'status' })
    watch(sheet.alive, flow.state, state => {
      const words = spoken(state)
      if (status.textContent !== words) status.textContent = words
    })
    return [
      head,
      el(
        'div',
        { class: 'scroll setup-sheet transfer' },
        status,
        jobBar(sheet.alive, job, flow.stop),
        stage,
        earlierImports(sheet, flow, nowMs),
      ),
    ]
  })
}

type Shown = { readonly state: ImportState; readonly nowMs: number }

function stageOf(sheet: Sheet, flow: ImportFlow, { state, nowMs }: Shown): readonly (HTMLElement | string)[] {
  const { alive } = sheet
  switch (state.at) {
    case 'choose':
      return [chooseFile(alive, files => void flow.look(files))]
    case 'tried': {
      const { report } = state
      const isEmpty = report.conversations.new + report.conversations.grown === 0
      const go = key(alive, isEmpty ? 'nothing new to bring in' : 'bring in', () => void flow.start(), 'go')
      go.disabled = isEmpty
      return [
        factList(alive, signal(reportFacts(report, nowMs))),
        ...listed(skippedList(report)),
        el('p', { class: 'dim' }, 'What was paid elsewhere is not counted here. Nothing that you have is changed.'),
        el(
          'div',
          { class: 'acts' },
          key(alive, 'another file', () => void flow.reset()),
          go,
        ),
      ]
    }
    case 'done':
      return [
        el('p', { class: 'ok' }, 'Brought in. It is on this device, and goes to the pi by and by.'),
        factList(alive, signal(reportFacts(state.report, nowMs))),
        ...listed(skippedList(state.report)),
        acts(
          sheet,
          flow,
          key(alive, 'undo', () => void flow.undo(state.batchId)),
        ),
      ]
    case 'stopped':
      return [
        el('p', {}, `Stopped after ${formatCount(state.chats)} chats. They are here; the list below takes them back.`),
        acts(sheet, flow),
      ]
    case 'undone': {
      const { conversations, messages } = state.result
      const chats = `${formatCount(conversations)} chats${messages > 0 ? ` and ${formatCount(messages)} messages` : ''}`
      return [el('p', {}, `Taken back: ${chats}. They stay in the trash for 30 days.`), acts(sheet, flow)]
    }
    case 'failed':
      return [el('p', { class: 'err', role: 'alert' }, state.message), acts(sheet, flow)]
    case 'trying':
    case 'importing':
    case 'undoing':
      return []
    default:
      return state satisfies never
  }
}

function acts(sheet: Sheet, flow: ImportFlow, ...more: readonly HTMLElement[]): HTMLElement {
  const again = key(sheet.alive, 'another file', () => void flow.reset())
  return el('div', { class: 'acts' }, ...more, again, key(sheet.alive, 'close', sheet.close))
}

function key(alive: AbortSignal, label: string, run: () => void, kind?: 'go'): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'key', 'data-kind': kind ?? 'box' }, label)
  on(alive, button, 'click', run)
  return button
}

/** The imports of this device that can still be taken back. */
function earlierImports(sheet: Sheet, flow: ImportFlow, nowMs: ReadonlySignal<number>): HTMLElement {
  const box = el('div', { class: 'earlier' })
  const shown = computed(() =>
    flow.state.value.at === 'choose' || flow.state.value.at === 'stopped' ? flow.earlier.value : [],
  )
  watch(sheet.alive, shown, imports => {
    const rows = imports
      .filter(({ is_undone }) => !is_undone)
      .map(head => earlierRow(sheet, flow, { head, nowMs: nowMs.peek() }))
    const title = el(
      'h3',
      { class: 'rule' },
      el('span', { class: 'name' }, 'brought in before'),
      el('i', { class: 'fill' }),
    )
    box.replaceChildren(...(rows.length === 0 ? [] : [title, el('ul', {}, ...rows)]))
  })
  return box
}

function earlierRow(
  { alive }: Sheet,
  flow: ImportFlow,
  { head, nowMs }: { readonly head: ImportHead; readonly nowMs: number },
): HTMLElement {
  const when = `${formatDay(head.started_at, nowMs)} ${formatClock(head.started_at)}`
  const state = head.finished_at === null ? ', in part' : ''
  const undo = el(
    'button',
    { type: 'button', class: 'key brk', 'aria-label': `Undo the import of ${head.name}` },
    'undo',
  )
  on(alive, undo, 'click', () => void flow.undo(head.id))
  return el(
    'li',
    { class: 'earlier-row' },
    el('span', { class: 'earlier-name' }, head.name),
    el('span', { class: 'dim' }, when + state),
    undo,
  )
}

function listed(list: HTMLElement | null): readonly HTMLElement[] {
  return list === null ? [] : [list]
}

function jobOf(state: ImportState): Job | null {
  switch (state.at) {
    case 'trying':
      return { words: `reading · ${formatCount(state.chats)} chats`, share: null }
    case 'importing':
      return {
        words: `bringing in ${formatCount(state.chats)} of ${formatCount(state.of)}`,
        share: state.of === 0 ? null : state.chats / state.of,
      }
    case 'undoing':
      return { words: `taking back · ${formatCount(state.chats)} chats`, share: null }
    default:
      return null
  }
}

function spoken({ at }: ImportState): string {
  const words: Partial<Record<ImportState['at'], string>> = {
    trying: 'Reading the file',
    tried: 'The file is read',
    importing: 'Bringing in',
    done: 'Brought in',
    undoing: 'Taking back',
    undone: 'Taken back',
  }
  return words[at] ?? ''
}
