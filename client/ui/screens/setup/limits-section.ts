import { computed } from '@preact/signals-core'
import { type BudgetStanding, limitWords } from '#shared/budget.ts'
import { formatTotal } from '#shared/money.ts'
import { changeLimits } from '../../../actions/change-limits.ts'
import type { App } from '../../../app.ts'
import { localTimeZone } from '../../../platform/day.ts'
import { limitFields } from '../../components/limit-fields.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindAttribute, bindText } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'

const NO_LIMITS = { warn_nanousd: null, stop_nanousd: null }

/** What a day and a month may cost. The server keeps to it, on whatever device one asks. */
export function limitsSection(alive: AbortSignal, app: App): HTMLElement {
  const { budget, standing } = app.usage
  const state = el('p', { role: 'status' })
  bindText(
    alive,
    state,
    computed(() => standingWords(standing.value)),
  )
  bindAttribute(
    alive,
    state,
    'class',
    computed(() => (standing.value?.level === 'stop' ? 'err' : 'warn')),
  )
  const zone = el('p', { class: 'dim' })
  bindText(
    alive,
    zone,
    computed(() => {
      const timeZone = budget.value?.time_zone ?? localTimeZone()
      return `A stop holds prompts that cost money until it is raised or midnight in ${timeZone} has passed. Models that are free go on.`
    }),
  )
  return pageSection(
    { id: 'limits', title: 'limits' },
    el(
      'div',
      { class: 'pad' },
      state,
      limitFields(alive, {
        label: 'a day',
        limits: computed(() => budget.value?.day ?? NO_LIMITS),
        onChange: limits => void changeLimits(app, 'day', limits),
      }),
      limitFields(alive, {
        label: 'a month',
        limits: computed(() => budget.value?.month ?? NO_LIMITS),
        onChange: limits => void changeLimits(app, 'month', limits),
      }),
      zone,
    ),
  )
}

function standingWords(standing: BudgetStanding | null): string {
  if (standing === null) return ''
  const spent = `You have spent ${formatTotal(standing.spentNanousd)}.`
  return standing.level === 'stop'
    ? `The ${limitWords(standing)} is reached. ${spent}`
    : `The warning ${limitWords(standing)} is passed. ${spent}`
}
