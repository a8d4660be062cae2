/** A run of text, or an element inside a line. Strings are text, never markup. */
export type InlineNode =
  | string
  | { readonly kind: 'emphasis' | 'strong' | 'strikethrough'; readonly children: readonly InlineNode[] }
  | { readonly kind: 'code-text'; readonly text: string }
  | { readonly kind: 'break' }
  | LinkNode
  | PictureNode
  | { readonly kind: 'footnote-call'; readonly label: string }

/** `url` is absolute http(s) or mailto. `note` says where it leads when the text looks like another place. */
type LinkNode = {
  readonly kind: 'link'
  readonly url: string
  readonly title?: string
  readonly note?: string
  readonly children: readonly InlineNode[]
}

/** A remote picture, which is never loaded by itself; without `url` it stands inside a link and cannot be opened. */
export type PictureNode = {
  readonly kind: 'picture'
  readonly host: string
  readonly alt: string
  readonly url?: string
}

export type ListNode = {
  readonly kind: 'list'
  readonly isOrdered: boolean
  readonly start: number
  /** Blank lines stand between the items or their blocks, so paragraphs keep their element. */
  readonly isLoose: boolean
  readonly children: readonly ListItemNode[]
}
export type ListItemNode = {
  readonly kind: 'item'
  readonly isChecked?: boolean
  readonly children: readonly BlockNode[]
}

/** `isClosed`: the closing fence has come, or the code is indented and another block follows. */
export type CodeNode = {
  readonly kind: 'code'
  readonly info: string
  readonly text: string
  readonly isClosed: boolean
}

export type Alignment = 'none' | 'left' | 'right' | 'center'
/** The first row is the head. A row may have fewer cells than it, and has never more. */
export type TableNode = {
  readonly kind: 'table'
  readonly alignments: readonly Alignment[]
  readonly children: readonly TableRowNode[]
}
export type TableRowNode = { readonly kind: 'row'; readonly cells: readonly (readonly InlineNode[])[] }

export type HeadingDepth = 1 | 2 | 3 | 4 | 5 | 6

export type BlockNode =
  | { readonly kind: 'paragraph'; readonly children: readonly InlineNode[] }
  | { readonly kind: 'heading'; readonly depth: HeadingDepth; readonly children: readonly InlineNode[] }
  | { readonly kind: 'quote'; readonly children: readonly BlockNode[] }
  | ListNode
  | CodeNode
  | TableNode
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'rule' }

/** What `[label]: url "title"` says. Labels are normalised as CommonMark compares them. */
export type LinkDefinition = { readonly label: string; readonly url: string; readonly title?: string }

export type FootnoteDefinition = { readonly label: string; readonly children: readonly BlockNode[] }

/**
 * The block that a piece starts inside. For a fence and a table `head` is the source that opens it (the fence line; the head
 * and delimiter rows); a list needs none, since its pieces start with an item.
 */
export type OpenBlock = { readonly kind: 'fence' | 'table'; readonly head: string } | { readonly kind: 'list' }

/** A stretch of a message that starts at the beginning of a line. */
export type MarkdownPiece = {
  readonly text: string
  readonly inside: OpenBlock | null
  /** Definitions from the rest of the message that this piece may need; they win over its own. */
  readonly definitions: readonly LinkDefinition[]
  /** Labels of footnotes that the rest of the message defines. */
  readonly footnotes: readonly string[]
  /** Where to split: at the last safe border if at least so many characters lie before it, at exactly this offset, or nowhere. */
  readonly split: { readonly atLeast: number } | { readonly at: number } | null
}

/** A compiled stretch. Offsets of `length` count the piece's own characters, without the head of the open block. */
export type CompiledPart = {
  readonly length: number
  readonly inside: OpenBlock | null
  readonly nodes: readonly BlockNode[]
  readonly definitions: readonly LinkDefinition[]
  readonly footnotes: readonly FootnoteDefinition[]
  /** Footnote labels in the order of their calls. */
  readonly calls: readonly string[]
  /** Every label that was looked up: `A` for a link, `^A` for a footnote. A change in one of them changes this part. */
  readonly asked: readonly string[]
}

/** `stable` can be changed by no text that follows, save by definitions of labels it asked for; `open` still can. */
export type CompiledPiece = { readonly stable: CompiledPart | null; readonly open: CompiledPart }
