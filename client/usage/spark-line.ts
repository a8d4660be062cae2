const BLOCKS = '▁▂▃▄▅▆▇█'

/** A line of block letters, one for each value; the highest is full, nothing is the lowest. */
export function sparkLine(values: readonly number[]): string {
  const highest = Math.max(...values)
  return values
    .map(value => {
      const level = highest <= 0 || value <= 0 ? 0 : Math.max(1, Math.round((value / highest) * (BLOCKS.length - 1)))
      return BLOCKS.charAt(level)
    })
    .join('')
}
