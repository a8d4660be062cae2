import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import { whenIdle } from '../../platform/scheduler.ts'
import { watch } from '../../signals/watch.ts'
import type { Turn } from '../../stores/message-tree.ts'
import { heightOf } from './turn-boxes.ts'

/** The turns that have an item in the log: the last ones first, and soon after all of them. */
export interface ShownTurns {
  readonly turns: ReadonlySignal<readonly Turn[]>
  /** Gives all others theirs now. */
  showAll(): void
}

/** More than a screen holds, and no more than one frame can take. */
const FIRST = 12
const MORE = 60

/** Lets the log grow upwards from the end of a chat in idle moments; room above holds the place of what is still to come. */
export function shownTurns(
  alive: AbortSignal,
  log: HTMLElement,
  {
    chatId,
    turns,
  }: { readonly chatId: ReadonlySignal<string | null>; readonly turns: ReadonlySignal<readonly Turn[]> },
): ShownTurns {
  const most = signal(FIRST)
  let isGrowing = false
  const grow = (): void => {
    isGrowing = false
    if (alive.aborted || most.peek() >= turns.peek().length) return
    most.value += MORE
    askToGrow()
  }
  const askToGrow = (): void => {
    if (isGrowing || most.peek() >= turns.peek().length) return
    isGrowing = true
    whenIdle(grow)
  }
  watch(alive, chatId, () => {
    most.value = FIRST
  })
  watch(alive, turns, askToGrow)
  const room = computed(() => roomFor(turns.value.slice(0, -most.value)))
  watch(alive, room, size => {
    log.style.paddingBlockStart = size
  })
  return {
    turns: computed(() => turns.value.slice(-most.value)),
    showAll() {
      most.value = Math.max(most.peek(), turns.peek().length)
    },
  }
}

/** What these turns will take as boxes, each with the space after it. */
function roomFor(turns: readonly Turn[]): string {
  if (turns.length === 0) return ''
  const px = turns.reduce((sum, turn) => sum + heightOf(turn), 0)
  return `calc(${px}px + ${turns.length} * var(--row) / 2)`
}
