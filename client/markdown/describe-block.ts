import { describeCode } from './describe-code.ts'
import { describeLine } from './describe-inline.ts'
import { describePlain } from './describe-plain.ts'
import type {
  Alignment,
  BlockNode,
  HeadingDepth,
  InlineNode,
  ListItemNode,
  ListNode,
  TableNode,
  TableRowNode,
} from './markdown-tree.ts'
import { plainText } from './plain-text.ts'
import { type ViewAttributes, type ViewElement, type ViewNode, type ViewTag, view } from './view-node.ts'

// The page has one h1, and each question is an h2.
const HEADING_TAGS: Readonly<Record<HeadingDepth, ViewTag>> = { 1: 'h3', 2: 'h4', 3: 'h5', 4: 'h6', 5: 'h6', 6: 'h6' }
const ALIGNMENT: Readonly<Record<Alignment, ViewAttributes>> = {
  none: {},
  left: {},
  right: { class: 'r' },
  center: { class: 'align-center' },
}
const LABEL_LENGTH = 60
const LONG_TEXT = 16_000

/** What blocks look like as elements. Items and rows that were described once are not described again. */
export type BlockDescriber = (node: BlockNode) => ViewElement

/** A describer for one message. */
export function createBlockDescriber(): BlockDescriber {
  const looseItems = new WeakMap<ListItemNode, ViewElement>()
  const tightItems = new WeakMap<ListItemNode, ViewElement>()
  const rows = new WeakMap<TableRowNode, ViewElement>()

  /** A block that stands by itself has the direction of its first letters; what is inside it goes along. */
  function describe(node: BlockNode): ViewElement {
    const element = describeInner(node)
    if (node.kind === 'code' || node.kind === 'rule') return element
    return { ...element, attributes: { dir: 'auto', ...element.attributes } }
  }

  function describeInner(node: BlockNode): ViewElement {
    switch (node.kind) {
      case 'paragraph':
        return describeText('p', node.children)
      case 'heading':
        return describeText(HEADING_TAGS[node.depth], node.children)
      case 'quote':
        return view('blockquote', {}, node.children.map(describeInner))
      case 'rule':
        return view('hr')
      case 'raw':
        return view('p', { class: 'raw' }, [node.text])
      case 'code':
        return describeCode(node)
      case 'list':
        return describeList(node)
      case 'table':
        return describeTable(node)
      default:
        return node satisfies never
    }
  }

  function describeList(node: ListNode): ViewElement {
    const known = node.isLoose ? looseItems : tightItems
    const items = node.children.map(item => remember(known, item, () => describeItem(item, node.isLoose)))
    if (!node.isOrdered) return view('ul', {}, items)
    return view('ol', node.start === 1 ? {} : { start: String(node.start) }, items)
  }

  function describeItem(item: ListItemNode, isLoose: boolean): ViewElement {
    const children = item.children.flatMap((child): readonly ViewNode[] =>
      child.kind === 'paragraph' && !isLoose ? describeLine(child.children) : [describeInner(child)],
    )
    return view('li', {}, item.isChecked === undefined ? children : [checkbox(item.isChecked), ...children])
  }

  function describeTable(node: TableNode): ViewElement {
    const [head, ...body] = node.children
    const headRow = view(
      'tr',
      {},
      (head?.cells ?? []).map((cell, column) =>
        view('th', { scope: 'col', ...alignmentOf(node, column) }, describeLine(cell)),
      ),
    )
    const bodyRows = body.map(row => remember(rows, row, () => describeRow(node, row)))
    const parts = [view('thead', {}, [headRow]), ...(bodyRows.length === 0 ? [] : [view('tbody', {}, bodyRows)])]
    const label = `Table: ${(head?.cells ?? []).map(plainText).join(', ')}`.slice(0, LABEL_LENGTH)
    return view('div', { class: 'tbl', tabindex: '0', role: 'region', 'aria-label': label }, [view('table', {}, parts)])
  }

  function describeRow(table: TableNode, row: TableRowNode): ViewElement {
    const cells = row.cells.map((cell, column) => {
      // The first column names its row, unless it says nothing.
      const isName = column === 0 && cell.length > 0
      const attributes = { ...(isName && { scope: 'row' }), ...alignmentOf(table, column) }
      return view(isName ? 'th' : 'td', attributes, describeLine(cell))
    })
    // A short row is not filled up: a wide head would let rows of one letter make millions of cells.
    return view('tr', {}, cells)
  }

  return describe
}

/** A line of text; one so long that the browser could not lay it out between two frames, in boxes and as it was written. */
function describeText(tag: ViewTag, children: readonly InlineNode[]): ViewElement {
  if (children.length < LONG_TEXT / 8 && textLength(children) < LONG_TEXT) return view(tag, {}, describeLine(children))
  return view('div', {}, describePlain(plainText(children)))
}

function textLength(nodes: readonly InlineNode[]): number {
  return nodes.reduce((sum, node) => sum + lengthOf(node), 0)
}

function lengthOf(node: InlineNode): number {
  if (typeof node === 'string') return node.length
  if ('children' in node) return textLength(node.children)
  return 'text' in node ? node.text.length : 0
}

function remember<Key extends object>(
  known: WeakMap<Key, ViewElement>,
  key: Key,
  make: () => ViewElement,
): ViewElement {
  const found = known.get(key) ?? make()
  known.set(key, found)
  return found
}

function alignmentOf(table: TableNode, column: number): ViewAttributes {
  return ALIGNMENT[table.alignments[column] ?? 'none']
}

function checkbox(isChecked: boolean): ViewElement {
  const state: ViewAttributes = isChecked ? { checked: '', 'aria-label': 'done' } : { 'aria-label': 'open' }
  return view('input', { type: 'checkbox', disabled: '', ...state })
}
