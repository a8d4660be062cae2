import { isMet, type Row, ratioOf } from './row.ts'

const HEADINGS = ['what', 'baseline', 'product', 'ratio', 'target', '']

/** The table, ready to print; the columns line up. */
export function formatRows(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map(cells => cells[column]?.length ?? 0)))
  return lines
    .map(cells =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cellsOf(row: Row): string[] {
  const { what, unit, baseline, product } = row
  const ratio = ratioOf(row)
  return [
    what,
    baseline === null ? '–' : `${baseline.name} ${amount(baseline.value)} ${unit}`,
    `${amount(product)} ${unit}`,
    ratio === null ? '–' : `${amount(ratio)} ×`,
    targetText(row),
    verdict(row),
  ]
}

function verdict(row: Row): string {
  const met = isMet(row)
  if (met === null) return 'not measured here'
  return met ? 'met' : 'MISSED'
}

function targetText({ target, unit }: Row): string {
  const { mostRatio, most, least } = target
  const parts = [
    ...(mostRatio === undefined ? [] : [`≤ ${mostRatio} ×`]),
    ...(most === undefined ? [] : [`≤ ${most} ${unit}`]),
    ...(least === undefined ? [] : [`≥ ${least} ${unit}`]),
  ]
  return parts.join(', ')
}

/** Three figures that count. */
function amount(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '?'
}
