const HEADINGS: Readonly<Record<string, string>> = { h3: 'h1', h4: 'h2', h5: 'h3', h6: 'h4' }
const ALIGNMENTS: Readonly<Record<string, string>> = { r: 'right', 'align-center': 'center' }

/** What stands in the page, written the way CommonMark's reference writes HTML, without what only this client adds. */
export function writtenHtml(root: Node): string {
  return [...root.childNodes].map(written).join('')
}

function written(node: Node): string {
  if (node instanceof Text) return escaped(node.data)
  if (!(node instanceof HTMLElement)) throw new TypeError(`An answer holds a ${node.nodeName}.`)
  const tag = node.localName
  if (node instanceof HTMLTableRowElement) return writtenRow(node)
  if (node instanceof HTMLTableCellElement) return writtenCell(node)
  switch (tag) {
    case 'div':
      return writtenHtml(node)
    case 'figure':
      return `<pre><code>${escaped(node.querySelector('pre > code')?.textContent ?? '')}</code></pre>`
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
      return wrapped(HEADINGS[tag] ?? tag, node)
    case 'br':
    case 'hr':
      return `<${tag} />`
    case 'input':
      return `<input type="checkbox" disabled="" ${node.hasAttribute('checked') ? 'checked="" ' : ''}/>`
    case 'p':
      return node.className === 'raw' ? `\n${escaped(node.textContent)}\n` : wrapped(tag, node)
    case 'ol':
      if (node.className === 'sources') return ''
      return wrapped(tag, node, node.hasAttribute('start') ? ` start="${node.getAttribute('start')}"` : '')
    case 'a':
      return writtenLink(node)
    case 'span':
      return node.className === 'far' ? writtenPicture(node) : ''
    default:
      return wrapped(tag, node)
  }
}

function wrapped(tag: string, node: Node, attributes = ''): string {
  return `<${tag}${attributes}>${writtenHtml(node)}</${tag}>`
}

function writtenCell(cell: HTMLTableCellElement): string {
  return wrapped(cell.closest('thead') === null ? 'td' : 'th', cell, alignmentOf(cell.className))
}

/** A row with the cells that it leaves out; the reference writes each. */
function writtenRow(row: HTMLTableRowElement): string {
  const heads = [...(row.closest('table')?.querySelectorAll('thead th') ?? [])].slice(row.cells.length)
  const missing = heads.map(({ className }) => `<td${alignmentOf(className)}></td>`).join('')
  return `<tr>${writtenHtml(row)}${missing}</tr>`
}

function alignmentOf(className: string): string {
  const alignment = ALIGNMENTS[className]
  return alignment === undefined ? '' : ` align="${alignment}"`
}

function writtenLink(link: HTMLElement): string {
  if (link.className === 'cite') return '[^]'
  const title = link.getAttribute('title')
  return wrapped(
    'a',
    link,
    ` href="${escaped(link.getAttribute('href') ?? '')}"${title === null ? '' : ` title="${escaped(title)}"`}`,
  )
}

/** `picture from host: description` */
function writtenPicture(picture: HTMLElement): string {
  const [, host = '', alt = ''] =
    /^picture from (\S*?)(?:: ([\s\S]*))?$/.exec(picture.firstElementChild?.textContent ?? '') ?? []
  return `{${host}|${escaped(alt)}}`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
