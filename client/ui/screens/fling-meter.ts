/** Moves that lie further apart belong to two gestures. */
export const REST_MS = 150
/** Faster than this, in heights of the view a second, nobody reads. */
const UNREADABLE_VIEWS = 2
/** A browser that keeps what is seen in its place moves the page as well, but once. */
const LEAST_MOVES = 3

export type ScrollMove = {
  readonly topPx: number
  readonly atMs: number
  readonly viewPx: number
}

/** Takes in each move of a scroller, and says whether the reader flings past what is there. */
export function createFlingMeter(): (move: ScrollMove) => boolean {
  let last: ScrollMove | null = null
  let fastMoves = 0
  return move => {
    const elapsedMs = last === null ? Number.POSITIVE_INFINITY : move.atMs - last.atMs
    const speedPx = (Math.abs(move.topPx - (last?.topPx ?? 0)) * 1_000) / elapsedMs
    fastMoves = elapsedMs < REST_MS && speedPx > UNREADABLE_VIEWS * move.viewPx ? fastMoves + 1 : 0
    last = move
    return fastMoves >= LEAST_MOVES
  }
}
