import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import type { BlockNode, InlineNode, ListItemNode } from '../../client/markdown/markdown-tree.ts'
import { safeLink } from '../../client/markdown/safe-link.ts'

/** A tree written the way micromark writes HTML, white space between blocks aside: for comparison in tests only. */
export function treeToHtml(nodes: readonly BlockNode[]): string {
  return nodes.map(blockToHtml).join('\n')
}

/**
 * micromark's own HTML with this client's rules applied: links that are not absolute web or mail addresses are their text,
 * pictures are their host and description, footnote calls are a mark, and the section of footnotes is left out.
 */
export function referenceHtml(source: string): string {
  return withOwnRules(
    micromark(source, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousProtocol: true }),
  )
}

/** HTML as a reference writes it, with this client's rules applied. */
export function withOwnRules(html: string): string {
  return withoutBlockSpace(
    html
      .replace(/<section data-footnotes[\s\S]*$/, '')
      .replace(/<sup><a href="#user-content[^>]*>\d+<\/a><\/sup>/g, '[^]')
      .replace(/<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? \/>/g, (_, url: string, alt: string) =>
        pictureText(decode(url), alt),
      )
      .replace(/<a href="([^"]*)"([^>]*)>([\s\S]*?)<\/a>/g, (whole: string, url: string, _: string, text: string) =>
        safeLink(decode(url), '') === null ? text : whole,
      )
      .replace(/ class="(?:language-[^"]*|contains-task-list|task-list-item)"/g, '')
      .replace(/(<input type="checkbox" disabled="" (?:checked="" )?\/>)[ \t\r\n]+/g, '$1'),
  )
}

function pictureText(url: string, alt: string): string {
  const link = safeLink(url, '')
  return link === null || link.url.startsWith('mailto:') ? alt || 'picture' : `{${link.host}|${alt}}`
}

const BLOCK_TAG =
  '</?(?:p|h[1-6]|blockquote|ul|ol|li|pre|table|thead|tbody|tr|t[hd]|hr)(?: (?:start|align)="\\w+")?(?: /)?>'
const SPACE_AROUND_BLOCKS = new RegExp(`\\n*(${BLOCK_TAG})\\n*`, 'g')

/** Drops line endings next to block tags, except in `pre`. */
export function withoutBlockSpace(html: string): string {
  return html
    .replace(/\r\n?/g, '\n')
    .split(/(<pre><code>[\s\S]*?<\/code><\/pre>)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(SPACE_AROUND_BLOCKS, '$1')
            .replace(/\n+/g, '\n')
            .replace(/^\n|\n$/g, ''),
    )
    .join('')
}

function blockToHtml(node: BlockNode): string {
  switch (node.kind) {
    case 'paragraph':
      return `<p>${line(node.children)}</p>`
    case 'heading':
      return `<h${node.depth}>${line(node.children)}</h${node.depth}>`
    case 'quote':
      return `<blockquote>${treeToHtml(node.children)}</blockquote>`
    case 'rule':
      return '<hr />'
    case 'raw':
      return escapeHtml(node.text)
    case 'code':
      return `<pre><code>${escapeHtml(node.text)}</code></pre>`
    case 'list': {
      const start = node.isOrdered && node.start !== 1 ? ` start="${node.start}"` : ''
      const tag = node.isOrdered ? 'ol' : 'ul'
      return `<${tag}${start}>${node.children.map(item => itemToHtml(item, node.isLoose)).join('')}</${tag}>`
    }
    case 'table': {
      const [head, ...rows] = node.children
      const rowToHtml = (tag: string, cells: readonly (readonly InlineNode[])[]): string => {
        const filled = Array.from(node.alignments, (_, column) => cells[column] ?? [])
        const written = filled.map((cell, index) => {
          const alignment = node.alignments[index] ?? 'none'
          return `<${tag}${alignment === 'none' ? '' : ` align="${alignment}"`}>${line(cell)}</${tag}>`
        })
        return `<tr>${written.join('')}</tr>`
      }
      const body = rows.length === 0 ? '' : `<tbody>${rows.map(row => rowToHtml('td', row.cells)).join('')}</tbody>`
      return `<table><thead>${rowToHtml('th', head?.cells ?? [])}</thead>${body}</table>`
    }
  }
}

function itemToHtml(item: ListItemNode, isLoose: boolean): string {
  const check =
    item.isChecked === undefined ? '' : `<input type="checkbox" disabled="" ${item.isChecked ? 'checked="" ' : ''}/>`
  if (!isLoose)
    return `<li>${check}${item.children.map(child => (child.kind === 'paragraph' ? line(child.children) : child.kind === 'raw' ? `\n${blockToHtml(child)}\n` : blockToHtml(child))).join('')}</li>`
  const [first, ...rest] = item.children.map(blockToHtml)
  return `<li>${first?.startsWith('<p>') ? `<p>${check}${first.slice(3)}` : `${check}${first ?? ''}`}${rest.join('')}</li>`
}

function line(nodes: readonly InlineNode[]): string {
  return nodes.map(inlineToHtml).join('')
}

const INLINE_TAGS = { emphasis: 'em', strong: 'strong', strikethrough: 'del' } as const

function inlineToHtml(node: InlineNode): string {
  if (typeof node === 'string') return escapeHtml(node)
  switch (node.kind) {
    case 'break':
      return '<br />'
    case 'code-text':
      return `<code>${escapeHtml(node.text)}</code>`
    case 'footnote-call':
      return '[^]'
    case 'picture':
      return `{${node.host}|${escapeHtml(node.alt)}}`
    case 'link': {
      const title = node.title === undefined ? '' : ` title="${escapeHtml(node.title)}"`
      return `<a href="${escapeHtml(node.url)}"${title}>${line(node.children)}</a>`
    }
    default: {
      const tag = INLINE_TAGS[node.kind]
      return `<${tag}>${line(node.children)}</${tag}>`
    }
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
