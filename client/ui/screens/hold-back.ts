import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Scheduler } from '#shared/clock.ts'
import { bindShown } from '../dom/bind.ts'
import { UNFORMED } from '../lazy-markdown.ts'

/** Longer than this nobody waits for the look of words that are there. */
const PATIENCE_MS = 500
/** Nor for the rest of a chat, when nothing of it has come for so long. */
const COPY_PATIENCE_MS = 3_000

export type HoldBackOptions = {
  readonly chatId: ReadonlySignal<string | null>
  readonly hasTurns: ReadonlySignal<boolean>
  /** More of the chat is on its way from the server. */
  readonly isComing: ReadonlySignal<boolean>
  readonly scheduler: Scheduler
  /** The log is seen now. */
  onShow(): void
}

export interface HeldLog {
  readonly isHeld: ReadonlySignal<boolean>
  /** Turns have come. */
  filled(): void
  /** One of its answers was drawn. */
  drawn(): void
  /** Shows it as far as it is. */
  show(): void
}

/** Holds a chat that was opened back until it is here and its end stands as it stays: nothing that is seen moves while answers get their form. */
export function holdBack(alive: AbortSignal, log: HTMLElement, options: HoldBackOptions): HeldLog {
  const { chatId, hasTurns, isComing, scheduler, onShow } = options
  const shownId = signal<string | null>(null)
  const isHeld = computed(() => hasTurns.value && shownId.value !== chatId.value)
  let stopTimer: (() => void) | null = null
  const show = (): void => {
    stopTimer?.()
    stopTimer = null
    if (!isHeld.peek()) return
    shownId.value = chatId.peek()
    // Now, and not after all that follows this change: what comes next measures it.
    log.hidden = false
    onShow()
  }
  // Asked once all that follows a change is done: until then the log is not what it will be.
  const showFormed = (): void => {
    if (!isComing.peek() && log.querySelector(UNFORMED) === null) show()
  }
  bindShown(
    alive,
    log,
    computed(() => !isHeld.value),
  )
  return {
    isHeld,
    show,
    filled() {
      if (!isHeld.peek()) return
      stopTimer?.()
      stopTimer = scheduler.after(isComing.peek() ? COPY_PATIENCE_MS : PATIENCE_MS, show)
      queueMicrotask(showFormed)
    },
    drawn() {
      if (stopTimer !== null) queueMicrotask(showFormed)
    },
  }
}
