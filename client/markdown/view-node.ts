/** Every element that an answer can have: nothing else can be made, whatever the text says. */
export const VIEW_TAGS = [
  'p',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'ol',
  'ul',
  'li',
  'hr',
  'figure',
  'figcaption',
  'pre',
  'code',
  'div',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'em',
  'strong',
  'del',
  'br',
  'a',
  'span',
  'button',
  'input',
] as const
export type ViewTag = (typeof VIEW_TAGS)[number]

/** Every attribute that an answer can have. `id` is only ever made of the message's own id and numbers, `data-wrap` by the reader. */
export const VIEW_ATTRIBUTES = [
  'class',
  'id',
  'href',
  'target',
  'rel',
  'title',
  'start',
  'dir',
  'scope',
  'tabindex',
  'role',
  'aria-label',
  'aria-pressed',
  'type',
  'checked',
  'disabled',
  'data-action',
  'data-language',
  'data-plain',
  'data-wrap',
] as const
type ViewAttribute = (typeof VIEW_ATTRIBUTES)[number]

export type ViewAttributes = Readonly<Partial<Record<ViewAttribute, string>>>

/** An element to be, or a run of text. */
export type ViewNode = string | ViewElement
export type ViewElement = {
  readonly tag: ViewTag
  readonly attributes: ViewAttributes
  readonly children: readonly ViewNode[]
  /** The footnote that this element calls. Its number depends on the whole message and is written by `numberCalls`. */
  readonly call?: string
}

const NONE: ViewAttributes = {}

/** Short for the literal. */
export function view(tag: ViewTag, attributes: ViewAttributes = NONE, children: readonly ViewNode[] = []): ViewElement {
  return { tag, attributes, children }
}
