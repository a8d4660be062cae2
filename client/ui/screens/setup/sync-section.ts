import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { copyToClipboard } from '../../../actions/copy-to-clipboard.ts'
import type { App } from '../../../app.ts'
import type { DeviceState } from '../../../device/device.ts'
import type { SyncLogEntry } from '../../../device/sync-log.ts'
import { switched } from '../../../signals/switched.ts'
import type { LostEntry } from '../../../sync/sync-store.ts'
import { type Fact, factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindShown, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { keyedList } from '../../dom/keyed-list.ts'
import { formatClock, formatWhen } from '../../format.ts'

const NOTHING: ReadonlySignal<readonly LostEntry[] | null> = signal(null)

/** Where everything is kept, how the sync came out, and what it could not keep. */
export function syncSection(alive: AbortSignal, app: App): HTMLElement {
  const lost = switched(alive, app.device, (life, state) =>
    state.state === 'open' ? state.device.lost(life) : NOTHING,
  )
  const items = computed(() => lost.value ?? [])
  const found = el('ul', { class: 'lost' })
  keyedList(alive, found, { items, keyOf: ({ mid }) => mid, create: (life, entry) => lostRow(life, app, entry) })
  const none = el(
    'p',
    { class: 'dim' },
    'Nothing was lost: each change that was made here is on the pi, or waits for it.',
  )
  bindShown(
    alive,
    none,
    computed(() => items.value.length === 0),
  )
  const log = factList(
    alive,
    computed(() => logOf(app.device.value).slice(0, 8).map(logFact)),
  )
  return pageSection(
    { id: 'sync', title: 'sync' },
    el(
      'div',
      { class: 'pad setup-data' },
      el(
        'p',
        {},
        'The pi holds everything; this device holds a copy. On the pi, ',
        el('code', { class: 'bright' }, 'npm run backup'),
        ' writes one file, and ',
        el('code', { class: 'bright' }, 'npm run restore'),
        ' puts it back.',
      ),
      el('h3', { class: 'bright' }, 'lost and found'),
      none,
      found,
      el('h3', { class: 'bright' }, 'sync since this page was opened'),
      log,
    ),
  )
}

function logOf(device: DeviceState): readonly SyncLogEntry[] {
  return device.state === 'open' ? device.device.syncLog.value : []
}

function logFact({ atMs, link, pending }: SyncLogEntry): Fact {
  const waiting = pending === 0 ? '' : `, ${pending} waiting`
  const words = {
    idle: 'synced',
    syncing: 'syncing',
    offline: 'no answer',
    refused: 'refused',
    broken: 'broken',
    stopped: 'not running',
  }
  const tone = link === 'idle' ? 'ok' : link === 'refused' || link === 'broken' ? 'err' : 'warn'
  return { name: formatClock(atMs), value: `${words[link]}${waiting}`, tone }
}

function lostRow(alive: AbortSignal, app: App, entry: ReadonlySignal<LostEntry>): HTMLElement {
  const { mid, reason, lost_at } = entry.peek()
  const text = textOf(entry.peek())
  const key = (words: string, run: () => void): HTMLElement => {
    const button = el('button', { type: 'button', class: 'key brk' }, words)
    on(alive, button, 'click', run)
    return button
  }
  const letGo = (): void => {
    const opened = app.device.peek()
    if (opened.state === 'open') void opened.device.dismiss(mid)
  }
  return el(
    'li',
    {},
    el('p', {}, `${REASONS[reason]} ${formatWhen(lost_at, app.nowMs.peek())}`),
    el('pre', { class: 'env', tabindex: '0' }, text),
    el(
      'div',
      { class: 'page-keys' },
      key('copy', () => void copyToClipboard(app, text)),
      key('let go', letGo),
    ),
  )
}

const REASONS: Readonly<Record<LostEntry['reason'], string>> = {
  gone: 'Changed here, and deleted for good on another device.',
  invalid: 'The pi could not take this change.',
  missing: 'What this belongs to is not on the pi.',
  refused: 'The pi did not take this change.',
  held: 'A prompt whose model does not answer any more.',
  'budget-exceeded': 'A prompt that a limit held.',
  'too-old': 'A prompt that waited too long.',
}

/** What the change would have said, as text that can be copied. */
function textOf({ body, copy }: LostEntry): string {
  const content = copy?.['content'] ?? copy?.['title'] ?? copy?.['name']
  if (typeof content === 'string' && content !== '') return content
  if (body.op !== 'put' && body.op !== 'set') return body.op
  return JSON.stringify(Object.fromEntries(Object.entries(body.set).map(([field, [value]]) => [field, value])), null, 2)
}
