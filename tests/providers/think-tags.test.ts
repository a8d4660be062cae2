import { describe, expect, test } from 'vitest'
import type { ProviderEvent } from '../../server/providers/provider.ts'
import { createThinkTagSplitter } from '../../server/providers/think-tags.ts'
import { foldEvents } from './answer.ts'

/** Splits a content that comes in pieces of so many signs. */
function split(content: string, pieceLength: number): { text: string; reasoning: string } {
  const splitter = createThinkTagSplitter()
  const events: ProviderEvent[] = []
  for (let at = 0; at < content.length; at += pieceLength) splitter.push(content.slice(at, at + pieceLength), events)
  splitter.end(events)
  const { text, reasoning } = foldEvents(events, null)
  return { text, reasoning }
}

describe.each([1, 2, 5, 1000])('in pieces of %i signs', size => {
  test.each([
    ['takes what stands between tags at the start', '\n<think>\nHm.</think>\n\nFour', 'Four', '\nHm.'],
    ['takes all before a lone closing tag', 'Two and two.\n</think>\n\nFour', 'Four', 'Two and two.\n'],
    ['takes nothing before a closing tag that comes first', '</think>\n\nFour', 'Four', ''],
    ['takes all where the tag is never closed', '<think>Hm, <b', '', 'Hm, <b'],
    ['keeps an answer without tags', '\n\n2 < 3 and <em>so</em> on <', '\n\n2 < 3 and <em>so</em> on <', ''],
    ['keeps a closing tag inside a line', 'The `</think>` tag\n</b>', 'The `</think>` tag\n</b>', ''],
    ['keeps tags that an answer shows', 'So:\n<think>\nHm\n</think>\nDone', 'So:\n<think>\nHm\n</think>\nDone', ''],
    ['takes the first closing tag only', '<think>a</think>b\n</think>\nc', 'b\n</think>\nc', 'a'],
    ['keeps what only begins like a tag', '<thin', '<thin', ''],
  ])('%s', (_, content, text, reasoning) => {
    expect(split(content, size)).toEqual({ text, reasoning })
  })
})

test('gives each piece at once while no tag is near', () => {
  const splitter = createThinkTagSplitter()
  const events: ProviderEvent[] = []

  splitter.push('One', events)
  splitter.push(' two', events)

  expect(events).toEqual([
    { type: 'text', text: 'One' },
    { type: 'text', text: ' two' },
  ])
})
