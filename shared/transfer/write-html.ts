import { activePath } from './active-path.ts'
import type { FileChat, FileMessage } from './file-format.ts'
import { PAGE_END, PAGE_HEAD } from './html-page.ts'
import { elsewhereWords, heading, timeText } from './write-markdown.ts'

/** All chats as one page to keep and to search without any network. Everything anybody wrote stands in it as text. */
export async function* writeHtml(chats: AsyncIterable<FileChat>): AsyncGenerator<string> {
  yield PAGE_HEAD
  for await (const chat of chats) yield chatHtml(chat)
  yield PAGE_END
}

function chatHtml(chat: FileChat): string {
  const system = chat.system_prompt === null ? '' : `<section class="dim">${textHtml(chat.system_prompt)}</section>\n`
  const facts = [timeText(chat.updated_at), ...chat.tags].join(' · ')
  const name = `${escapeHtml(chat.title)} <span class="dim">${escapeHtml(facts)}</span>`
  const path = activePath(chat)
  const elsewhere = elsewhereWords(chat, path)
  const end = elsewhere === null ? '' : `<p class="dim">${escapeHtml(elsewhere)}</p>\n`
  return `<details class="chat"><summary>${name}</summary>\n${system}${path.map(messageHtml).join('')}${end}</details>\n`
}

function messageHtml(message: FileMessage): string {
  const { role, content, reasoning, citations, status, error } = message
  const thought =
    reasoning === null || reasoning === ''
      ? ''
      : `<details class="dim"><summary>thought</summary>${textHtml(reasoning)}</details>`
  const sources = citations.map(({ url, title, quote }) => {
    const words = [title ?? quote, url].filter(part => part !== null).join(' · ')
    return `<li>${escapeHtml(words)}</li>`
  })
  const list = sources.length === 0 ? '' : `<ol class="dim">${sources.join('')}</ol>`
  const end =
    status === 'complete' ? '' : `<p class="dim">${escapeHtml([status, error?.message].filter(Boolean).join(': '))}</p>`
  const kind = role === 'user' ? ' class="ask"' : ''
  return `<section${kind}><h2>${escapeHtml(heading(message))}</h2>${thought}${textHtml(content)}${list}${end}</section>\n`
}

/** Markdown as its own source, code blocks set apart. */
function textHtml(text: string): string {
  return splitCode(text)
    .map(({ isCode, lines }) => {
      const shown = escapeHtml(lines.join('\n').trim())
      if (shown === '') return ''
      return isCode ? `<pre>${shown}</pre>` : `<div class="text">${shown}</div>`
    })
    .join('')
}

type Block = { readonly isCode: boolean; readonly lines: string[] }

/** Line by line: a pattern would look for the end of each fence again in a text of fences that nothing ends. */
function splitCode(text: string): readonly Block[] {
  let block: Block = { isCode: false, lines: [] }
  const blocks = [block]
  const begin = (isCode: boolean): void => {
    block = { isCode, lines: [] }
    blocks.push(block)
  }
  let open = 0
  for (const line of text.split('\n')) {
    const ticks = /^`*/.exec(line)?.[0].length ?? 0
    const rest = line.slice(ticks)
    if (open === 0 && ticks > 2 && !rest.includes('`')) {
      begin(true)
      open = ticks
      block.lines.push(line)
    } else if (open > 0 && ticks >= open && rest.trim() === '') {
      block.lines.push(line)
      begin(false)
      open = 0
    } else block.lines.push(line)
  }
  return blocks
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, letter => ESCAPES[letter] ?? '')
}
