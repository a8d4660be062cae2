import type { InlineNode, PictureNode } from './markdown-tree.ts'
import { type ViewAttributes, type ViewNode, view } from './view-node.ts'

const AWAY: ViewAttributes = { target: '_blank', rel: 'noopener noreferrer' }
const TAGS = { emphasis: 'em', strong: 'strong', strikethrough: 'del' } as const

/** What a line of text looks like as elements. */
export function describeLine(nodes: readonly InlineNode[]): readonly ViewNode[] {
  return nodes.flatMap(describeInline)
}

function describeInline(node: InlineNode): ViewNode | readonly ViewNode[] {
  if (typeof node === 'string') return node
  switch (node.kind) {
    case 'code-text':
      return view('code', {}, [node.text])
    case 'break':
      return view('br')
    case 'footnote-call':
      return { ...view('a', { class: 'cite' }), call: node.label }
    case 'picture':
      return describePicture(node)
    case 'link': {
      const title = node.title === undefined ? {} : { title: node.title }
      const link = view('a', { href: node.url, ...title, ...AWAY }, describeLine(node.children))
      return node.note === undefined ? link : [link, view('span', { class: 'link-host' }, [` (${node.note})`])]
    }
    default:
      return view(TAGS[node.kind], {}, describeLine(node.children))
  }
}

/** A remote picture is a row that names its host: it is fetched by no one, and its key opens it in a new window. */
function describePicture({ host, alt, url }: PictureNode): ViewNode {
  const words = `picture from ${host}${alt === '' ? '' : `: ${alt}`}`
  const name = view('span', { class: 'cut' }, [words])
  if (url === undefined) return view('span', { class: 'far' }, [name])
  const key = view('a', { class: 'key brk', href: url, ...AWAY, 'aria-label': `Load the ${words} in a new window` }, [
    'load',
  ])
  return view('span', { class: 'far' }, [name, key])
}
