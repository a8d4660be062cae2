import type { Scheduler } from '#shared/clock.ts'
import type { Turn } from '../stores/message-tree.ts'
import type { ActOnTurn } from './turn-acts.ts'

const LONG_PRESS_MS = 500
const SWIPE_PX = 56
const STILL_PX = 10

type Press = { readonly x: number; readonly y: number; readonly turn: Turn; readonly stop: () => void }

export type GestureOptions = {
  /** The turn that an item of the list shows. */
  turnOf(item: HTMLElement): Turn | null
  readonly act: ActOnTurn
  readonly scheduler: Scheduler
}

/**
 * Fingers on the band and the status line: a long press opens the sheet of the turn, the band drawn sideways leads to a sibling.
 * The text of an answer keeps the system's selection.
 */
export function followFingers(alive: AbortSignal, log: HTMLElement, { turnOf, act, scheduler }: GestureOptions): void {
  let press: Press | null = null
  const end = (): void => {
    press?.stop()
    press = null
  }
  const begin = (event: PointerEvent): void => {
    end()
    if (event.pointerType === 'mouse' || !(event.target instanceof Element)) return
    const item = event.target.closest<HTMLElement>('.turn')
    const turn = event.target.closest('.ask, .meta') === null || item === null ? null : turnOf(item)
    if (turn === null) return
    const stop = scheduler.after(LONG_PRESS_MS, () => {
      end()
      act('more', turn)
    })
    press = { x: event.clientX, y: event.clientY, turn, stop }
  }
  const move = (event: PointerEvent): void => {
    if (press !== null && Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL_PX) press.stop()
  }
  const finish = (event: PointerEvent): void => {
    if (press === null) return
    const { x, y, turn } = press
    const distance = event.clientX - x
    end()
    if (Math.abs(distance) < SWIPE_PX || Math.abs(event.clientY - y) > SWIPE_PX / 2) return
    // Drawn to the left, what is on the right comes into sight.
    act(distance < 0 ? 'next' : 'previous', turn)
  }
  const options = { signal: alive, passive: true }
  log.addEventListener('pointerdown', begin, options)
  log.addEventListener('pointermove', move, options)
  log.addEventListener('pointerup', finish, options)
  log.addEventListener('pointercancel', end, options)
  log.addEventListener(
    'contextmenu',
    event => {
      if (event.target instanceof Element && event.target.closest('.ask, .meta') !== null) event.preventDefault()
    },
    { signal: alive },
  )
}
