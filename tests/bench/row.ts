/** One line of the table: a figure of the product beside that of a baseline taken in the same run. */
export type Row = {
  readonly what: string
  readonly unit: string
  /** Null where there is nothing to set the product beside. */
  readonly baseline: { readonly name: string; readonly value: number } | null
  readonly product: number
  readonly target: Target
}

/** All limits that are given must hold: the ratio of product to baseline, and the product's own figure. */
type Target = { readonly mostRatio?: number; readonly most?: number; readonly least?: number }

/** Measures one subject and gives back its lines. */
export type Bench = () => Promise<readonly Row[]>

/** Product over baseline; null without a baseline. */
export function ratioOf({ product, baseline }: Row): number | null {
  return baseline === null ? null : product / baseline.value
}

/** Whether every limit of the row's target holds; null where the machine could not measure it. */
export function isMet(row: Row): boolean | null {
  const { mostRatio, most, least } = row.target
  const ratio = ratioOf(row)
  if (!Number.isFinite(row.product) || (mostRatio !== undefined && !Number.isFinite(ratio))) return null
  return (
    (mostRatio === undefined || (ratio ?? Number.POSITIVE_INFINITY) <= mostRatio) &&
    (most === undefined || row.product <= most) &&
    (least === undefined || row.product >= least)
  )
}
