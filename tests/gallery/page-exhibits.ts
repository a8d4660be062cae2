import { signal } from '@preact/signals-core'
import { NO_USAGE } from '#shared/usage-sums.ts'
import type { ProviderStanding } from '#shared/wire/providers.ts'
import { dayOf } from '../../client/platform/day.ts'
import { THEMES } from '../../client/stores/settings-store.ts'
import { choice } from '../../client/ui/components/choice.ts'
import { jobBar } from '../../client/ui/components/job-bar.ts'
import { limitFields } from '../../client/ui/components/limit-fields.ts'
import { pageSection } from '../../client/ui/components/page-section.ts'
import { providerRow } from '../../client/ui/components/provider-row.ts'
import type { ProviderRow } from '../../client/ui/components/provider-words.ts'
import { settingRow } from '../../client/ui/components/setting-row.ts'
import { themeSwatches } from '../../client/ui/components/theme-swatches.ts'
import { budgetFigure } from '../../client/ui/components/usage/budget-figure.ts'
import { chartSection } from '../../client/ui/components/usage/chart-section.ts'
import { dayDots } from '../../client/ui/components/usage/day-dots.ts'
import { rankRows } from '../../client/ui/components/usage/rank-rows.ts'
import { sparkRows } from '../../client/ui/components/usage/spark-rows.ts'
import { el } from '../../client/ui/dom/element.ts'
import { dayChart } from '../../client/usage/day-bars.ts'
import { type Exhibit, nothing } from './exhibit.ts'
import { NOW_MS } from './made-up-rows.ts'

const USD = 1_000_000_000
const DAY_MS = 86_400_000

/** What stands on the pages of setup and usage. */
export function pageExhibits(): readonly Exhibit[] {
  return [settings(), providers(), limits(), jobs(), budgets(), charts()]
}

function settings(): Exhibit {
  const row = (tone: 'ok' | 'warn' | 'err') => (alive: AbortSignal) =>
    el(
      'ul',
      { class: 'set' },
      settingRow(alive, {
        mark: signal('◆'),
        title: signal('terse engineer'),
        end: signal('default'),
        sub: signal('Answer in steps. Code first, then why.'),
        tone: signal(tone),
        onOpen: nothing,
      }),
    )
  return {
    parts: ['components/setting-row', 'components/choice', 'components/theme-swatches', 'components/page-section'],
    states: {
      'a row': row('ok'),
      'a row that warns': row('warn'),
      'a row that failed': row('err'),
      'a choice in a section': alive =>
        pageSection(
          { id: 'typing', title: 'typing' },
          choice(alive, {
            label: 'enter key',
            values: ['auto', 'send', 'new line'],
            current: signal('send'),
            onChange: nothing,
          }),
        ),
      themes: alive => themeSwatches(alive, { themes: THEMES, current: signal('amber'), onChange: nothing }),
    },
  }
}

function stands(code: string | null): ProviderStanding {
  return {
    id: 'openrouter',
    name: 'Openrouter',
    state: 'configured',
    key_variable: 'COMPATIBLE_OPENROUTER_API_KEY',
    last_ok_at: NOW_MS - 2 * DAY_MS,
    first_token_ms: 412,
    problem: code === null ? null : { code, since: NOW_MS - DAY_MS, last_at: NOW_MS },
  }
}

function providers(): Exhibit {
  const state = (provider: ProviderRow) => (alive: AbortSignal) =>
    el(
      'ul',
      { class: 'set' },
      providerRow(alive, { provider: signal(provider), nowMs: signal(NOW_MS), onOpen: nothing }),
    )
  return {
    parts: ['components/provider-row'],
    states: {
      ready: state({ id: 'anthropic', state: 'configured', modelCount: 9, standing: null }),
      'no key': state({ id: 'openai', state: 'missing', modelCount: 0, standing: null }),
      'has answered': state({ id: 'groq', state: 'configured', modelCount: 6, standing: stands(null) }),
      'refuses the key': state({
        id: 'openrouter',
        state: 'configured',
        modelCount: 6,
        standing: stands('provider-key-rejected'),
      }),
      'has too much to do': state({
        id: 'openai',
        state: 'configured',
        modelCount: 9,
        standing: stands('rate-limited'),
      }),
      silent: state({ id: 'ollama', state: 'configured', modelCount: 2, standing: stands('provider-unreachable') }),
    },
  }
}

function limits(): Exhibit {
  const state = (warn: number | null, stop: number | null) => (alive: AbortSignal) =>
    limitFields(alive, {
      label: 'a month',
      limits: signal({ warn_nanousd: warn, stop_nanousd: stop }),
      onChange: nothing,
    })
  return {
    parts: ['components/limit-fields'],
    states: { 'none set': state(null, null), both: state(16 * USD, 20 * USD) },
  }
}

function jobs(): Exhibit {
  const state = (words: string, share: number | null) => (alive: AbortSignal) =>
    jobBar(alive, signal({ words, share }), nothing)
  return {
    parts: ['components/job-bar'],
    states: {
      'half done': state('writing 118 of 236', 0.5),
      'nobody knows how much': state('reading 118 chats', null),
    },
  }
}

function budgets(): Exhibit {
  const state =
    (spent: number, limit: number | null, level: 'warn' | 'stop' | null = null) =>
    () =>
      budgetFigure({
        spentNanousd: Math.round(spent * USD),
        unpriced: level === 'warn' ? 'One call of unknown price is not in this sum.' : '',
        limitNanousd: limit === null ? null : limit * USD,
        level,
        pace: { elapsed: 0.75, expected: Math.round((spent / 0.75) * USD), daysLeft: 7 },
        lastDay: '30 nov',
      })
  return {
    parts: ['components/usage/budget-figure'],
    states: {
      'no limit': state(4.12, null),
      'under pace': state(4.12, 20),
      near: state(16.2, 20, 'warn'),
      over: state(20.01, 20, 'stop'),
    },
  }
}

function charts(): Exhibit {
  const days = Array.from({ length: 30 }, (_, index) => NOW_MS - (29 - index) * DAY_MS)
  const byDay = new Map(
    days.map((dayMs, index) => [dayOf(dayMs), { ...NO_USAGE, cost_nanousd: ((index * 7) % 11) * 40_000_000 }]),
  )
  const table = {
    columns: ['day', 'cost'],
    rows: [
      ['23 nov', '$0.28'],
      ['22 nov', '$0.00'],
    ],
  }
  const state = (id: string, isTable: boolean, picture: () => HTMLElement | null) => (alive: AbortSignal) =>
    chartSection(alive, {
      id,
      title: 'by day',
      chart: signal({ sentence: 'Most on 21 nov: $0.40. Ten cents a day at the middle.', picture, table }),
      isTable: signal(isTable),
    })
  return {
    parts: [
      'components/usage/chart-section',
      'components/usage/data-table',
      'components/usage/day-dots',
      'components/usage/rank-rows',
      'components/usage/spark-rows',
    ],
    states: {
      'a picture of days': state('days', false, () => dayDots(dayChart(days, byDay, NOW_MS))),
      'the same as a table': state('table', true, () => null),
      ranked: () =>
        rankRows([
          { name: 'sonnet-4-5', amount: '$3.10', share: '75 %', part: 0.75 },
          { name: 'gpt-5-mini', amount: '$1.02', share: '25 %', part: 0.25 },
        ]),
      'by chat': () =>
        sparkRows([
          { name: 'phone drops the stream', path: '/c/one', line: '▁▂▅█▃▁▂', amount: '$0.0124' },
          { name: 'a chat that is gone', path: null, line: '▁▁▁▁▁▁█', amount: 'free' },
        ]),
    },
  }
}
