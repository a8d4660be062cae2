import { el } from '../dom/element.ts'

type RowAct = { readonly label: string; readonly kind: 'go' | 'stop' | 'bad'; run(id: string): void }

/** What lies under a row: `start` comes into sight when it is drawn to the right, `end` when it is drawn to the left. */
export type RowActs = { readonly start: readonly RowAct[]; readonly end: readonly RowAct[] }

/** A row that is drawn aside. */
export interface OpenRow {
  readonly row: HTMLElement
  /** Moves it `dx` pixels from where it lies, as far as there are keys under it. */
  draw(dx: number): void
  /** Stays open when it was drawn more than half the way, and says whether it does. */
  settle(): boolean
  close(): void
}

/** Puts keys under a row. */
export function openRow(row: HTMLElement, id: string, acts: RowActs): OpenRow {
  const start = actKeys(acts.start, 'start', id)
  const end = actKeys(acts.end, 'end', id)
  const main = row.querySelector<HTMLElement>('.row-main')
  row.prepend(start, end)
  const [startWidth, endWidth] = [start.offsetWidth, end.offsetWidth]
  let offset = 0
  const draw = (dx: number): void => {
    offset = Math.max(-endWidth, Math.min(startWidth, dx))
    main?.style.setProperty('translate', offset === 0 ? '' : `${offset}px 0`)
    start.hidden = offset <= 0
    end.hidden = offset >= 0
  }
  return {
    row,
    draw,
    settle() {
      const whole = offset > 0 ? startWidth : -endWidth
      const isOpen = offset !== 0 && Math.abs(offset) > Math.abs(whole) / 2
      draw(isOpen ? whole : 0)
      return isOpen
    },
    close() {
      draw(0)
      start.remove()
      end.remove()
    },
  }
}

function actKeys(acts: readonly RowAct[], side: 'start' | 'end', id: string): HTMLElement {
  const keys = acts.map(act => {
    const key = el('button', { type: 'button', class: 'key', 'data-kind': act.kind }, act.label)
    key.addEventListener('click', () => act.run(id))
    return key
  })
  return el('div', { class: 'row-acts', 'data-side': side }, ...keys)
}
