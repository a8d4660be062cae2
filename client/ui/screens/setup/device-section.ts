import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { App } from '../../../app.ts'
import type { HeldHere } from '../../../device/device.ts'
import { switched } from '../../../signals/switched.ts'
import { watch } from '../../../signals/watch.ts'
import { type Fact, factList } from '../../components/facts.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindShown, bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { formatCount } from '../../format.ts'
import { syncPartOptions } from '../sync-part-options.ts'

const NOTHING: ReadonlySignal<null> = signal(null)

/** What is kept on this device, how it stands to the server, and whether the browser may throw it away. */
export function deviceSection(alive: AbortSignal, app: App): HTMLElement {
  const { facts, words, onRetry } = syncPartOptions(app)
  const held = switched(alive, app.device, (life, state) =>
    state.state === 'open' ? state.device.heldHere(life) : NOTHING,
  )
  const sentence = el('p', { class: 'warn', role: 'status' })
  bindText(alive, sentence, words)
  const problem = el('div', {}, sentence, keyOf(alive, 'try again', onRetry))
  bindShown(
    alive,
    problem,
    computed(() => words.value !== ''),
  )
  const answer = signal('')
  const ask = keyOf(alive, 'keep it for good', () => void askToPersist(app, answer))
  bindShown(
    alive,
    ask,
    computed(() => app.storage.facts.value.isPersisted === false),
  )
  const said = el('p', { class: 'warn', role: 'status' })
  bindText(alive, said, answer)
  return pageSection(
    { id: 'device', title: 'this device' },
    el(
      'div',
      { class: 'pad' },
      problem,
      storageMeter(alive, app),
      factList(
        alive,
        computed(() => [...heldFacts(held.value), ...facts.value]),
      ),
      el('div', { class: 'page-keys' }, ask),
      said,
      el('p', { class: 'dim' }, 'Queued prompts leave while this page is open.'),
    ),
  )
}

async function askToPersist(app: App, answer: { value: string }): Promise<void> {
  const isKept = await app.storage.persist()
  answer.value = isKept ? '' : 'The browser did not promise it. Installing this page, or using it often, lets it.'
}

function heldFacts(held: HeldHere | null): readonly Fact[] {
  if (held === null) return []
  const readable = held.conversations - held.unloaded
  return [{ name: 'readable offline', value: `${formatCount(readable)} of ${formatCount(held.conversations)} chats` }]
}

function storageMeter(alive: AbortSignal, app: App): HTMLElement {
  const cells = el('span', { class: 'meter', 'data-fit': true, 'aria-hidden': 'true' })
  const part = computed(() => {
    const { usedBytes, quotaBytes } = app.storage.facts.value
    return usedBytes === null || quotaBytes === null || quotaBytes === 0 ? null : usedBytes / quotaBytes
  })
  watch(alive, part, now => cells.style.setProperty('--v', String(100 * (now ?? 0))))
  bindShown(
    alive,
    cells,
    computed(() => part.value !== null),
  )
  return cells
}

function keyOf(alive: AbortSignal, words: string, run: () => void): HTMLElement {
  const key = el('button', { type: 'button', class: 'key brk' }, words)
  on(alive, key, 'click', run)
  return key
}
