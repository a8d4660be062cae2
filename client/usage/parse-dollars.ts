import { scaleDecimal } from '#shared/money.ts'

export type Dollars =
  | { readonly kind: 'sum'; readonly nanousd: number }
  /** Nothing was written: no sum. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }

/** What a person wrote for a sum of dollars: `20`, `1.50`, `$1,50`. */
export function parseDollars(text: string): Dollars {
  const written = text.trim().replace(/^\$/, '').replace(',', '.')
  if (written === '') return { kind: 'none' }
  const nanousd = /^\d{1,6}(\.\d*)?$|^\.\d+$/.test(written)
    ? scaleDecimal(written.replace(/^\./, '0.').replace(/\.$/, ''), 9)
    : null
  return nanousd === null ? { kind: 'unreadable' } : { kind: 'sum', nanousd: Number(nanousd) }
}
