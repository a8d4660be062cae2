import { el } from '../dom/element.ts'

export type PageSectionOptions = {
  /** Its anchor, and the part of the path that leads to it. */
  readonly id: string
  readonly title: string
  /** What stands at the end of the rule: an amount, a count, a key. */
  readonly end?: HTMLElement
  /** True for one that takes the whole width. */
  readonly isFull?: boolean
}

/** A section of a page: a rule with its name in it, and what it shows. */
export function pageSection(options: PageSectionOptions, ...content: readonly HTMLElement[]): HTMLElement {
  const { id, title, end, isFull } = options
  const headingId = `${id}-title`
  const name = el('h2', { class: 'name', id: headingId }, title)
  return el(
    'section',
    { id, class: isFull === true ? 'full' : null, 'aria-labelledby': headingId },
    el('div', { class: 'rule' }, name, el('i', { class: 'fill' }), end),
    ...content,
  )
}
