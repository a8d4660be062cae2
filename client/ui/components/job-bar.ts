import { computed, type ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { bindShown, bindText, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

export type Job = {
  /** What is being done, with its numbers. */
  readonly words: string
  /** From 0 to 1; null where nobody knows how much there is. */
  readonly share: number | null
}

/** How far a job is, and the key that ends it. Hidden while there is none. */
export function jobBar(alive: AbortSignal, job: ReadonlySignal<Job | null>, onStop: () => void): HTMLElement {
  const words = el('span')
  bindText(
    alive,
    words,
    computed(() => job.value?.words ?? ''),
  )
  const bar = el('progress', { class: 'job-meter', max: 1, 'aria-label': 'Progress' })
  watch(alive, job, now => {
    if (now === null || now.share === null) bar.removeAttribute('value')
    else bar.value = now.share
  })
  const stop = el('button', { type: 'button', class: 'key brk' }, 'stop')
  on(alive, stop, 'click', onStop)
  const box = el('div', { class: 'job' }, words, stop, bar)
  bindShown(
    alive,
    box,
    computed(() => job.value !== null),
  )
  return box
}
