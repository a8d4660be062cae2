/** The word that takes the fewest changes to get from `word`, at most a third of its letters and at least one; null where all are further. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const typed = word.toLowerCase()
  let nearest: { readonly word: string; readonly distance: number } | null = null
  for (const candidate of known) {
    const distance = editDistance(typed, candidate.toLowerCase())
    const most = Math.max(1, Math.floor(Math.max(typed.length, candidate.length) / 3))
    if (distance <= most && (nearest === null || distance < nearest.distance)) nearest = { word: candidate, distance }
  }
  return nearest?.word ?? null
}

/** How many letters must be put in, taken out, changed, or swapped with their neighbour. */
function editDistance(left: string, right: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1]
      const changed = (last[column - 1] ?? 0) + (isSame ? 0 : 1)
      const shifted = Math.min(last[column] ?? 0, current[column - 1] ?? 0) + 1
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const swapped = isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(changed, shifted, swapped))
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? 0
}
