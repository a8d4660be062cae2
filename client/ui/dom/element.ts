type AttributeValue = string | number | boolean | null | undefined
export type Attributes = Readonly<Record<string, AttributeValue>>
export type Child = Node | string | null | undefined

/**
 * An element with attributes and children. `true` writes an empty attribute; `false`, null and undefined write none.
 * Children that are strings become text nodes, never markup.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value)
  for (const child of children) if (child !== null && child !== undefined) element.append(child)
  return element
}

/** Writes one attribute by the rules of `el`. */
export function setAttribute(element: Element, name: string, value: AttributeValue): void {
  if (value === false || value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, value === true ? '' : String(value))
}

/** A glyph that is drawn for the eye only; its meaning stands in words beside it. */
export function glyph(text: string, className = 'glyph'): HTMLSpanElement {
  return el('span', { class: className, 'aria-hidden': 'true' }, text)
}
