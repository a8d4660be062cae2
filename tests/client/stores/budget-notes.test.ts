import { signal } from '@preact/signals-core'
import { expect, test } from 'vitest'
import type { BudgetStanding } from '#shared/budget.ts'
import { tellBudget } from '../../../client/stores/budget-notes.ts'
import { createNoteStore } from '../../../client/stores/note-store.ts'

const USD = 1_000_000_000
const WARN: BudgetStanding = { level: 'warn', period: 'month', limitNanousd: 16 * USD, spentNanousd: 16.2 * USD }

function told() {
  const notes = createNoteStore()
  const standing = signal<BudgetStanding | null>(null)
  let opened = 0
  tellBudget(new AbortController().signal, { notes, standing, openLimits: () => void opened++ })
  return { standing, texts: () => notes.notes.value.map(({ text }) => text), notes, opened: () => opened }
}

test('a limit that is passed is said once, however much more is spent', () => {
  const { standing, notes, texts } = told()
  expect(texts()).toEqual([])

  standing.value = WARN
  expect(texts()).toEqual(['Your warning limit of $16.00 for this month is passed.'])
  notes.hide('budget')
  standing.value = { ...WARN, spentNanousd: 17 * USD }

  expect(texts()).toEqual([])
})

test('a stop after the warning is said anew, and goes when it is raised', () => {
  const { standing, texts } = told()
  standing.value = WARN

  standing.value = { ...WARN, level: 'stop', limitNanousd: 20 * USD }
  expect(texts()).toEqual(['Your limit of $20.00 for this month is reached: prompts that cost money are held.'])
  standing.value = null

  expect(texts()).toEqual([])
})

test('its key leads to the limits', () => {
  const { standing, notes, opened, texts } = told()
  standing.value = WARN

  notes.notes.value[0]?.action?.run()

  expect([opened(), texts()]).toEqual([1, []])
})
