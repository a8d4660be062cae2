import type { CodeNode } from './markdown-tree.ts'
import { type ViewElement, view } from './view-node.ts'

const FILE_NAME = /^[\w@.+/-]*\.[\w-]+$/
const QUOTED_NAME = /\b(?:title|file|filename|name)=(?:"([^"]*)"|'([^']*)'|(\S+))/

/**
 * The language and the file name of a fence's info string:
 *     ts src/retry.ts      js title="retry.js"
 *     ^^ ^^^^^^^^^^^^      ^^        ^^^^^^^^
 */
function readInfo(info: string): { readonly language: string; readonly name: string } {
  const [language = '', ...rest] = info.trim().split(/\s+/)
  const quoted = QUOTED_NAME.exec(rest.join(' '))
  const name = quoted?.[1] ?? quoted?.[2] ?? quoted?.[3] ?? rest.find(word => FILE_NAME.test(word)) ?? ''
  return { language, name }
}

/** A code block: its language and name, keys to wrap and copy, and the code in a box that scrolls sideways. */
export function describeCode(node: CodeNode): ViewElement {
  const { language, name } = readInfo(node.info)
  const label = ['Code', language, name].filter(part => part !== '').join(', ')
  const caption = view('figcaption', {}, [
    view('span', {}, [language || 'text']),
    view('span', { class: 'grow bright' }, [name]),
    view(
      'button',
      { type: 'button', class: 'key brk', 'data-action': 'wrap', 'aria-label': 'Wrap lines', 'aria-pressed': 'false' },
      ['wrap'],
    ),
    view('button', { type: 'button', class: 'key brk', 'data-action': 'copy', 'aria-label': 'Copy code' }, ['copy']),
  ])
  const code = view('code', { 'data-language': language }, [node.text])
  return view('figure', { class: 'code' }, [
    caption,
    view('pre', { tabindex: '0', role: 'region', 'aria-label': label }, [code]),
  ])
}
