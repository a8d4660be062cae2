import { decodeNamedCharacterReference } from 'decode-named-character-reference'
import { decodeNumericCharacterReference } from 'micromark-util-decode-numeric-character-reference'
import type { Event } from 'micromark-util-types'

/** The text of `&name;`, `&#10;` or `&#x0A;` without its marks; radix 0 stands for a name. */
export function decodeReference(value: string, radix: 0 | 10 | 16): string {
  if (radix !== 0) return decodeNumericCharacterReference(value, radix)
  return decodeNamedCharacterReference(value) || `&${value};`
}

/** The text that the events in a destination, title or info string stand for: escapes and references resolved. */
export function decodeString(events: readonly Event[], from: number, to: number): string {
  let text = ''
  let radix: 0 | 10 | 16 = 0
  for (let index = from; index < to; index++) {
    const event = events[index]
    if (event?.[0] !== 'exit') continue
    const [, token, context] = event
    switch (token.type) {
      case 'data':
      case 'characterEscapeValue':
        text += context.sliceSerialize(token)
        break
      case 'lineEnding':
        text += '\n'
        break
      case 'characterReferenceMarkerNumeric':
        radix = 10
        break
      case 'characterReferenceMarkerHexadecimal':
        radix = 16
        break
      case 'characterReferenceValue':
        text += decodeReference(context.sliceSerialize(token), radix)
        radix = 0
        break
    }
  }
  return text
}
