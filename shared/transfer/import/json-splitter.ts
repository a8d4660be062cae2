import { AppError } from '../../errors.ts'
import { IMPORT_LIMITS } from './import-limits.ts'

/**
 * A piece of a JSON document, as bytes that are one JSON value: an element of the list at the top (`key` null) or of a list that
 * is a member of the object at the top, or a member that is no list. Null bytes: it is too large to be read.
 */
export type JsonPiece = { readonly key: string | null; readonly isElement: boolean; readonly bytes: Uint8Array | null }

export interface JsonSplitter {
  /** The bytes of a piece may lie in the chunk: to be read before the chunk is used again. */
  push(chunk: Uint8Array): readonly JsonPiece[]
  /** Throws AppError `bad-json` for a document that has not come to its end. */
  end(): void
}

type Place = 'start' | 'object' | 'key' | 'colon' | 'member' | 'list' | 'value' | 'end'

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]
const MOST_KEY_BYTES = 1000
/** The byte order mark that some programs put before UTF-8. */
const MARK = new Set([0xef, 0xbb, 0xbf])

/**
 * Cuts a JSON document into pieces while it comes, without keeping more than one. Members for which `wants` says no are passed
 * over unread. Throws AppError `bad-json` for what is no JSON object or list, or is nested too deep.
 */
export function createJsonSplitter(wants: (key: string) => boolean): JsonSplitter {
  let place: Place = 'start'
  let isListAtTop = false
  let key: string | null = null
  let isElement = false
  let depth = 0
  let isInString = false
  let isEscaped = false
  /** The next backslash of this chunk from where it was last looked for; behind the chunk where there is none. */
  let backslash = 0
  let kept: Uint8Array[] | null = null
  let keptBytes = 0
  let pieces: JsonPiece[] = []

  function keep(part: Uint8Array): void {
    keptBytes += part.length
    if (kept === null || part.length === 0) return
    // A copy: the reader may use its chunk again.
    if (keptBytes <= IMPORT_LIMITS.valueBytes) kept.push(part.slice())
    else kept = []
  }

  function begin(byte: number): void {
    place = 'value'
    depth = byte === OPEN_OBJECT || byte === OPEN_LIST ? 1 : 0
    isInString = byte === QUOTE
    isEscaped = false
    kept = key === null || wants(key) ? [] : null
    keptBytes = 0
  }

  /** `last` is what of the value stands in this chunk. */
  function finish(last: Uint8Array): void {
    place = isElement ? 'list' : 'object'
    if (kept === null) return
    const isTooLarge = keptBytes + last.length > IMPORT_LIMITS.valueBytes
    const whole = kept.length === 0 ? last : joined([...kept, last], keptBytes + last.length)
    pieces.push({ key, isElement, bytes: isTooLarge ? null : whole })
    kept = null
  }

  /** Reads on in a value from `start`; returns where it goes on behind it, or the chunk's length. */
  function readValue(chunk: Uint8Array, start: number, from: number): number {
    for (let index = from; index < chunk.length; index++) {
      if (isInString) {
        index = closingQuote(chunk, index)
        if (index === chunk.length) break
        isInString = false
        if (depth === 0) return close(chunk, start, index + 1)
        continue
      }
      const byte = chunk[index]
      if (byte === QUOTE) isInString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        const most = isTree(key) ? IMPORT_LIMITS.treeDepth : IMPORT_LIMITS.depth
        if (++depth > most) throw badJson(`The file is nested more than ${most} deep.`)
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (depth === 0) return close(chunk, start, index)
        if (--depth === 0) return close(chunk, start, index + 1)
      } else if (depth === 0 && (byte === COMMA || isSpace(byte))) return close(chunk, start, index)
    }
    keep(chunk.subarray(start))
    return chunk.length
  }

  /** Where the string ends in which `from` stands; the chunk's length if not in this chunk. Most bytes are text, and not looked at one by one. */
  function closingQuote(chunk: Uint8Array, from: number): number {
    let next = isEscaped ? from + 1 : from
    let quote = indexOf(chunk, QUOTE, next)
    isEscaped = false
    while (true) {
      if (backslash < next) backslash = indexOf(chunk, BACKSLASH, next)
      if (backslash >= quote) return quote
      // What follows the backslash is no end of the string.
      next = backslash + 2
      isEscaped = next > chunk.length
      if (quote < next) quote = indexOf(chunk, QUOTE, next)
    }
  }

  function close(chunk: Uint8Array, start: number, end: number): number {
    finish(chunk.subarray(start, end))
    return end
  }

  /** Reads on in the name of a member. */
  function readKey(chunk: Uint8Array, start: number): number {
    for (let index = start; index < chunk.length; index++) {
      if (isEscaped) isEscaped = false
      else if (chunk[index] === BACKSLASH) isEscaped = true
      else if (chunk[index] === QUOTE) {
        keep(chunk.subarray(start, index))
        key = keptBytes > MOST_KEY_BYTES ? '' : asciiOf(joined(kept ?? [], keptBytes))
        kept = null
        place = 'colon'
        return index + 1
      }
    }
    keep(chunk.subarray(start))
    return chunk.length
  }

  /** Takes one byte between values. Returns false when it begins a value, which then holds it. */
  function step(byte: number): boolean {
    if (isSpace(byte) || (place === 'start' && MARK.has(byte))) return true
    switch (place) {
      case 'start':
        if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) throw badJson('The file is neither a JSON object nor a list.')
        isListAtTop = byte === OPEN_LIST
        isElement = isListAtTop
        place = isListAtTop ? 'list' : 'object'
        return true
      case 'object':
        if (byte === CLOSE_OBJECT) place = 'end'
        else if (byte === QUOTE) {
          place = 'key'
          isEscaped = false
          kept = []
          keptBytes = 0
        } else if (byte !== COMMA) throw badJson('The file is not JSON: a name should stand in quotes.')
        return true
      case 'colon':
        if (byte !== COLON) throw badJson('The file is not JSON: a colon is missing.')
        place = 'member'
        return true
      case 'member':
        isElement = byte === OPEN_LIST
        if (isElement) place = 'list'
        return isElement
      case 'list':
        if (byte === COMMA) return true
        if (byte !== CLOSE_LIST) return false
        place = isListAtTop ? 'end' : 'object'
        isElement = isListAtTop
        return true
      case 'end':
        throw badJson('The file goes on behind its end.')
      case 'key':
      case 'value':
        throw new Error('A value is read by readValue')
      default:
        return place satisfies never
    }
  }

  return {
    push: chunk => {
      pieces = []
      backslash = -1
      let index = 0
      while (index < chunk.length) {
        if (place === 'value') index = readValue(chunk, index, index)
        else if (place === 'key') index = readKey(chunk, index)
        else if (step(chunk[index] ?? 0)) index++
        else {
          begin(chunk[index] ?? 0)
          index = readValue(chunk, index, index + 1)
        }
      }
      return pieces
    },
    end: () => {
      if (place !== 'end') throw badJson('The file breaks off in the middle: it was not copied whole.')
    },
  }
}

/** Where LibreChat nests the answers to a message in it. */
function isTree(key: string | null): boolean {
  return key === 'messages' || key === 'messagesTree'
}

/** The chunk's length where the byte is not there. */
function indexOf(chunk: Uint8Array, byte: number, from: number): number {
  const index = chunk.indexOf(byte, from)
  return index < 0 ? chunk.length : index
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Every name that is asked for is ASCII; another one only has to be another one. */
function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function badJson(message: string): AppError {
  return new AppError('bad-json', message)
}
