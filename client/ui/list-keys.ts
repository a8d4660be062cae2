/** Moves the focus along the rows of the chat list; false where there are none. */
export function moveInList(act: 'next-row' | 'previous-row'): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('.list .row-main')].filter(
    row => row.getClientRects().length > 0,
  )
  const index = rows.findIndex(row => row.contains(document.activeElement))
  const next = rows[Math.max(0, Math.min(rows.length - 1, index + (act === 'next-row' ? 1 : -1)))]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
  return next !== undefined
}
