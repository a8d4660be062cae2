import { describeCode } from './describe-code.ts'
import { describeLine } from './describe-inline.ts'
import type {
  Alignment,
  BlockNode,
  HeadingDepth,
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

/** What blocks look like as elements. Items and rows that were described once are not described again. */
export type BlockDescriber = (node: BlockNode) => ViewElement

/** A describer for one message. */
export function createBlockDescriber(): BlockDescriber {
  const looseItems = new WeakMap<ListItemNode, ViewElement>()
  const tightItems = new WeakMap<ListItemNode, ViewElement>()
  const rows = new WeakMap<TableRowNode, ViewElement>()

  function describe(node: BlockNode): ViewElement {
    switch (node.kind) {
      case 'paragraph':
        return view('p', {}, describeLine(node.children))
      case 'heading':
        return view(HEADING_TAGS[node.depth], {}, describeLine(node.children))
      case 'quote':
        return view('blockquote', {}, node.children.map(describe))
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
      child.kind === 'paragraph' && !isLoose ? describeLine(child.children) : [describe(child)],
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
    return view('tr', {}, cells)
  }

  return describe
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
