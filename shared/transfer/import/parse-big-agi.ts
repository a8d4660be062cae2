import { fence } from '../fence.ts'
import { chainOf, type Link } from './chain-of.ts'
import { type ForeignChat, missingLine, modelName } from './foreign-chat.ts'
import { field, fieldAt, idOf, listOf, textOf, timeOf } from './peek.ts'
import { rawJson } from './raw-json.ts'

/** One chat of a big-AGI export or backup, of the first version (texts) or the second (fragments); null for anything else. */
export function parseBigAgi(value: unknown): ForeignChat | null {
  const id = idOf(field(value, 'id'))
  const messages = listOf(field(value, 'messages'))
  const isOurs = messages.some(
    message =>
      Array.isArray(field(message, 'fragments')) || (textOf(field(message, 'text')) && textOf(field(message, 'role'))),
  )
  if (id === null || !isOurs) return null
  const title = textOf(field(value, 'userTitle')) ?? textOf(field(value, 'autoTitle'))
  return {
    ...chainOf('big-agi', { id, title }, messages.map(linkOf)),
    createdAtMs: timeOf(field(value, 'created')),
    updatedAtMs: timeOf(field(value, 'updated')),
    isArchived: field(value, 'isArchived') === true,
  }
}

function linkOf(message: unknown): Link {
  const words = { content: [textOf(field(message, 'text')) ?? ''], reasoning: [''], missing: 0 }
  for (const fragment of listOf(field(message, 'fragments'))) addPart(words, field(fragment, 'part'))
  const model = textOf(fieldAt(message, 'generator', 'name')) ?? textOf(field(message, 'originLLM'))
  return {
    id: idOf(field(message, 'id')),
    role: field(message, 'role'),
    content: words.content.filter(Boolean).join('\n\n'),
    reasoning: words.reasoning.filter(Boolean).join('\n\n'),
    model: modelName('big-agi', model),
    timeMs: timeOf(field(message, 'created')),
    missing: words.missing,
  }
}

type Words = { readonly content: string[]; readonly reasoning: string[]; missing: number }

/** What is neither said nor shown is kept as it stands, folded away. */
function addPart(words: Words, part: unknown): void {
  const text = textOf(field(part, 'text'))
  switch (field(part, 'pt')) {
    case 'image_ref':
      words.content.push(missingLine('picture', textOf(field(part, 'altText'))))
      words.missing++
      return
    case 'doc': {
      const name = textOf(field(part, 'l1Title')) ?? textOf(field(part, 'title'))
      const document = textOf(fieldAt(part, 'data', 'text'))
      words.content.push(document ?? missingLine('file', name))
      if (document === null) words.missing++
      return
    }
    case 'ma':
      words.reasoning.push(textOf(field(part, 'aText')) ?? '')
      return
    case 'error':
      words.content.push(`*[${textOf(field(part, 'error')) ?? 'error'}]*`)
      return
    case '_pt_sentinel':
      return
    default:
      if (text === null) words.reasoning.push(fence(rawJson(part), 'json'))
      else words.content.push(text)
  }
}
