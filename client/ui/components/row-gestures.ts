import type { Scheduler } from '#shared/clock.ts'
import { type OpenRow, openRow, type RowActs } from './open-row.ts'

export type RowGestureOptions = {
  readonly scheduler: Scheduler
  /** The chat of a row; null for a row that is none. */
  idOf(row: HTMLElement): string | null
  acts(): RowActs
  onHold(id: string): void
  /** False while rows stand still, as they do while several are chosen. */
  isOn(): boolean
}

type Touch = { readonly row: HTMLElement; readonly id: string; readonly x: number; readonly y: number }

type Hand = {
  touch: Touch | null
  open: OpenRow | null
  cancelHold: (() => void) | null
  /** The click that follows a drag or a hold means nothing more. */
  isClickSpent: boolean
}

/** A finger that moved this far means to move something. */
const SLOP_PX = 10
const HOLD_MS = 500
const VIBRATION_MS = 10

/** Rows of `list` that can be drawn aside with a finger, and held. The keys under them do what other keys do too. */
export function rowGestures(alive: AbortSignal, list: HTMLElement, options: RowGestureOptions): void {
  const hand: Hand = { touch: null, open: null, cancelHold: null, isClickSpent: false }
  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    listener: (event: HTMLElementEventMap[Name]) => void,
  ): void => list.addEventListener(name, listener, { signal: alive, capture: true })
  listen('pointerdown', event => press(hand, options, event))
  listen('pointermove', event => {
    if (move(hand, options, event)) list.setPointerCapture(event.pointerId)
  })
  listen('pointerup', () => release(hand))
  listen('pointercancel', () => {
    if (hand.touch !== null) close(hand)
    letGo(hand)
  })
  listen('click', event => click(hand, event))
  // A held finger would else open the browser's own menu for the link.
  listen('contextmenu', event => {
    if (hand.isClickSpent || hand.touch !== null) event.preventDefault()
  })
}

function press(hand: Hand, options: RowGestureOptions, event: PointerEvent): void {
  hand.isClickSpent = false
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null
  const id = row === null ? null : options.idOf(row)
  if (hand.open !== null && hand.open.row !== row) close(hand)
  if (event.pointerType === 'mouse' || !event.isPrimary || !options.isOn()) return
  if (row === null || id === null || hand.open !== null) return
  hand.touch = { row, id, x: event.clientX, y: event.clientY }
  hand.cancelHold = options.scheduler.after(HOLD_MS, () => {
    letGo(hand)
    hand.isClickSpent = true
    navigator.vibrate?.(VIBRATION_MS)
    options.onHold(id)
  })
}

/** True when the row has just begun to follow the finger. */
function move(hand: Hand, options: RowGestureOptions, event: PointerEvent): boolean {
  if (hand.touch === null) return false
  const [dx, dy] = [event.clientX - hand.touch.x, event.clientY - hand.touch.y]
  if (hand.open !== null) {
    hand.open.draw(dx)
    return false
  }
  if (Math.abs(dy) > SLOP_PX) letGo(hand)
  if (hand.touch === null || Math.abs(dx) <= SLOP_PX) return false
  hand.cancelHold?.()
  hand.open = openRow(hand.touch.row, hand.touch.id, options.acts())
  hand.open.draw(dx)
  return true
}

function release(hand: Hand): void {
  if (hand.touch !== null && hand.open !== null) {
    hand.isClickSpent = true
    if (hand.open.settle()) navigator.vibrate?.(VIBRATION_MS)
    else close(hand)
  }
  letGo(hand)
}

function click(hand: Hand, event: MouseEvent): void {
  if (event.target instanceof Element && event.target.closest('.row-acts') !== null) {
    // The key's own listener comes after this one, and needs the row no more.
    queueMicrotask(() => close(hand))
    return
  }
  if (!hand.isClickSpent && hand.open === null) return
  if (!hand.isClickSpent) close(hand)
  hand.isClickSpent = false
  event.preventDefault()
  event.stopPropagation()
}

function letGo(hand: Hand): void {
  hand.cancelHold?.()
  hand.touch = null
}

function close(hand: Hand): void {
  hand.open?.close()
  hand.open = null
}
