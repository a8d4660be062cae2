import { computed, type ReadonlySignal } from '@preact/signals-core'
import { type BudgetStanding, limitWords } from '#shared/budget.ts'
import { watch } from '../signals/watch.ts'
import type { NoteStore } from './note-store.ts'

type Told = {
  readonly notes: NoteStore
  readonly standing: ReadonlySignal<BudgetStanding | null>
  /** Goes to where limits are set. */
  openLimits(): void
}

const ID = 'budget'

/** Says once, above the composer, that a limit is near or reached. */
export function tellBudget(alive: AbortSignal, { notes, standing, openLimits }: Told): void {
  // Each further cent changes the standing, and is no news.
  const news = computed(() => {
    const now = standing.value
    return now === null ? '' : `${now.level} ${now.period} ${now.limitNanousd}`
  })
  watch(alive, news, () => {
    const now = standing.peek()
    if (now === null) return notes.hide(ID)
    const isStop = now.level === 'stop'
    const words = limitWords(now)
    notes.show({
      id: ID,
      tag: isStop ? 'limit reached' : 'limit near',
      tone: 'warn',
      text: isStop ? `Your ${words} is reached: prompts that cost money are held.` : `Your warning ${words} is passed.`,
      action: {
        label: 'limits',
        run() {
          notes.hide(ID)
          openLimits()
        },
      },
    })
  })
}
