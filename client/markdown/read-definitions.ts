import { normalizeIdentifier } from 'micromark-util-normalize-identifier'
import type { Event } from 'micromark-util-types'
import { decodeString } from './decode-string.ts'
import type { LinkDefinition } from './markdown-tree.ts'
import type { Located } from './tree-state.ts'

/** The link definitions of a text in their order, the first of each label only. */
export function readDefinitions(events: readonly Event[]): readonly Located<LinkDefinition>[] {
  const found = new Map<string, Located<LinkDefinition>>()
  let label = ''
  let url = ''
  let title: string | undefined
  let stringStart = 0
  events.forEach(([phase, token, context], index) => {
    const isEnter = phase === 'enter'
    switch (token.type) {
      case 'definition':
        if (isEnter) {
          label = ''
          url = ''
          title = undefined
        } else if (!found.has(label)) {
          const value = title === undefined ? { label, url } : { label, url, title }
          found.set(label, { offset: token.start.offset, value })
        }
        break
      case 'definitionLabelString':
        if (!isEnter) label = normalizeIdentifier(context.sliceSerialize(token))
        break
      case 'definitionDestinationString':
        if (isEnter) stringStart = index
        else url = decodeString(events, stringStart, index)
        break
      case 'definitionTitleString':
        if (isEnter) stringStart = index
        else title = decodeString(events, stringStart, index)
        break
    }
  })
  return [...found.values()]
}
