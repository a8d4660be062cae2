import { formatTotal } from '#shared/money.ts'
import type { UsageSums } from '#shared/usage-sums.ts'
import { type DayBar, tokensOf } from '../../../usage/day-bars.ts'
import { sparkLine } from '../../../usage/spark-line.ts'
import type { Chart } from '../../components/usage/chart-section.ts'
import { dayDots } from '../../components/usage/day-dots.ts'
import { type RankRow, rankRows } from '../../components/usage/rank-rows.ts'
import { sparkRows } from '../../components/usage/spark-rows.ts'
import { callsWords, costWords, shareWords } from '../../components/usage/usage-words.ts'
import { formatCount, formatMonth, formatShortDay, formatTokens, shortModel } from '../../format.ts'
import type { MonthView } from './usage-model.ts'

/** Rows that are drawn; the table has them all. */
const MOST_ROWS = 8
const MOST_CHATS = 5
/** A table of more is what the export is for. */
const MOST_TABLE_ROWS = 200
const COLUMNS = ['calls', 'tokens', 'cost']

/** The month's name in a sentence. */
function monthWords({ month, nowMs }: MonthView): string {
  return formatMonth(month, nowMs)
}

export function dayCharted(view: MonthView): Chart {
  const { bars } = view.days
  const used = bars.filter(({ sums }) => sums.requests > 0)
  return {
    sentence: daySentence(view, used),
    picture: () => (used.length === 0 ? null : dayDots(view.days)),
    table: {
      columns: ['day', ...COLUMNS],
      rows: used.toReversed().map(bar => [dayWords(bar), ...cells(bar.sums)]),
    },
  }
}

function daySentence({ days, isCurrent, ...view }: MonthView, used: readonly DayBar[]): string {
  const span = isCurrent ? `Last ${days.bars.length} days` : `All of ${monthWords({ days, isCurrent, ...view })}`
  if (used.length === 0) return `${span}: nothing was asked.`
  const isMoney = days.measure === 'cost'
  const valueOfBar = ({ sums }: DayBar): number => (isMoney ? sums.cost_nanousd : tokensOf(sums))
  const words = (value: number): string => (isMoney ? formatTotal(value) : `${formatTokens(value)} tokens, all free`)
  const top = used.reduce((most, bar) => (valueOfBar(bar) > valueOfBar(most) ? bar : most))
  const idle = days.bars.length - used.length
  const none = idle === 0 ? '' : `, none on ${idle} ${idle === 1 ? 'day' : 'days'}`
  const total = used.reduce((sum, bar) => sum + valueOfBar(bar), 0)
  const today = isCurrent ? ', today is bright' : ''
  return `${span}: ${words(total)}, most on ${formatShortDay(top.dayMs)} (${isMoney ? formatTotal(valueOfBar(top)) : formatTokens(valueOfBar(top))})${none}. Weekends are dim${today}.`
}

function dayWords({ dayMs, isToday }: DayBar): string {
  return isToday ? 'today' : formatShortDay(dayMs)
}

export function modelCharted(view: MonthView): Chart {
  const models = ranked(view.summary.byModel)
  const [top] = models
  const rows = models.map(([model, sums]) => rankRow(model === null ? '' : shortModel(model), sums, view.summary.total))
  return {
    sentence:
      top === undefined
        ? `No model was asked in ${monthWords(view)}.`
        : `${models.length === 1 ? 'One model' : `${models.length} models`} answered ${callsWords(view.summary.total.requests)}; ${shortModel(top[0])} took ${costWords(top[1])}.`,
    picture: () => rankRows(rows.slice(0, MOST_ROWS)),
    table: tableOf(
      'model',
      models.map(([model, sums]) => [model, ...cells(sums)]),
    ),
  }
}

export function deviceCharted(view: MonthView, deviceOf: (deviceId: string | null) => string): Chart {
  const devices = ranked(view.summary.byDevice)
  const [top] = devices
  const rows = devices.map(([id, sums]) => rankRow(deviceOf(id), sums, view.summary.total))
  return {
    sentence:
      top === undefined
        ? `No device asked in ${monthWords(view)}.`
        : `${devices.length === 1 ? 'One device' : `${devices.length} devices`} asked; most of it ${deviceOf(top[0])}, ${costWords(top[1])}.`,
    picture: () => rankRows(rows.slice(0, MOST_ROWS)),
    table: tableOf(
      'device',
      devices.map(([id, sums]) => [deviceOf(id), ...cells(sums)]),
    ),
  }
}

export function chatCharted(view: MonthView, titles: ReadonlyMap<string, string>): Chart {
  const chats = ranked(view.summary.byConversation)
  const nameOf = (id: string): string => titles.get(id) ?? 'a chat that is gone'
  const top = chats.slice(0, MOST_CHATS)
  const rows = top.map(([id, sums]) => ({
    name: nameOf(id),
    path: titles.has(id) ? `/c/${id}` : null,
    line: sparkLine(view.sparks.get(id) ?? []),
    amount: costWords(sums),
  }))
  const share = shareWords(
    top.reduce((sum, [, sums]) => sum + sums.cost_nanousd, 0),
    view.summary.total.cost_nanousd,
  )
  const shown =
    top.length === chats.length ? 'All of them, with' : `The ${top.length} dearest, ${share} of the cost, with`
  return {
    sentence:
      chats.length === 0
        ? `No chat went on in ${monthWords(view)}.`
        : `${formatCount(chats.length)} ${chats.length === 1 ? 'chat' : 'chats'}. ${shown} their last days.`,
    picture: () => sparkRows(rows),
    table: tableOf(
      'chat',
      chats.map(([id, sums]) => [nameOf(id), ...cells(sums)]),
    ),
  }
}

function tableOf(name: string, rows: readonly (readonly string[])[]): Chart['table'] {
  return { columns: [name, ...COLUMNS], rows: rows.slice(0, MOST_TABLE_ROWS) }
}

function cells(sums: UsageSums): readonly string[] {
  return [formatCount(sums.requests), formatCount(tokensOf(sums)), costWords(sums)]
}

/** The dearest first; what costs the same by its tokens. */
function ranked<Key>(map: ReadonlyMap<Key, UsageSums>): readonly (readonly [Key, UsageSums])[] {
  return [...map].sort(
    ([, left], [, right]) => right.cost_nanousd - left.cost_nanousd || tokensOf(right) - tokensOf(left),
  )
}

function rankRow(name: string, sums: UsageSums, total: UsageSums): RankRow {
  const isMoney = total.cost_nanousd > 0
  const [part, whole] = isMoney ? [sums.cost_nanousd, total.cost_nanousd] : [tokensOf(sums), tokensOf(total)]
  return { name, amount: costWords(sums), share: shareWords(part, whole), part: whole === 0 ? 0 : part / whole }
}
