import { buildTree } from './build-tree.ts'
import { findBorder } from './find-border.ts'
import type { CompiledPiece, MarkdownPiece } from './markdown-tree.ts'
import { readDefinitions } from './read-definitions.ts'
import { splitTree } from './split-tree.ts'
import { tokenizeMarkdown } from './tokenize-markdown.ts'

/**
 * Compiles CommonMark with GFM to a tree that is plain data: no HTML, no attribute chosen by the text. `ownOrigin` is the
 * app's own, to which no link leads.
 */
export function compileMarkdown(piece: MarkdownPiece, ownOrigin: string): CompiledPiece {
  const { inside, split } = piece
  const head = inside === null || inside.kind === 'list' ? '' : inside.head
  const source = head + piece.text
  // The tokenizer drops a byte order mark without counting it: every offset would be one short.
  if (source.startsWith('\uFEFF')) return compileAfterMark(piece, ownOrigin)
  const { events, asked } = tokenizeMarkdown(source, {
    definitions: piece.definitions.map(definition => definition.label),
    footnotes: piece.footnotes,
  })
  const definitions = readDefinitions(events)
  const all = [...definitions.map(found => found.value), ...piece.definitions]
  const tree = buildTree(events, { definitions: new Map(all.map(entry => [entry.label, entry])), ownOrigin })
  const border = findBorder(source, head.length, tree, split)
  return splitTree({ tree, definitions, asked, border, source, headLength: head.length, inside, readFence })
}

function compileAfterMark(piece: MarkdownPiece, ownOrigin: string): CompiledPiece {
  const { split } = piece
  const rest = split !== null && 'at' in split ? { at: split.at - 1 } : split
  const { stable, open } = compileMarkdown({ ...piece, text: piece.text.slice(1), split: rest }, ownOrigin)
  if (stable === null) return { stable, open: { ...open, length: open.length + 1 } }
  return { stable: { ...stable, length: stable.length + 1 }, open }
}

function readFence(source: string): string {
  const { events } = tokenizeMarkdown(source, { definitions: [], footnotes: [] })
  const [node] = buildTree(events, { definitions: new Map(), ownOrigin: '' }).nodes
  return node?.kind === 'code' ? node.text : ''
}
