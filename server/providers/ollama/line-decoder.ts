import { AppError } from '#shared/errors.ts'

/** Cuts a stream of newline-delimited JSON into its lines. */
export interface LineDecoder {
  /** The lines that these bytes complete, without empty ones. Throws `too-large` for a line of more than 16 MiB. */
  push(bytes: Uint8Array): readonly string[]
  /** What stands behind the last line end, as a lone JSON answer has none; empty where there is nothing. */
  end(): string
}

const MAX_LINE_LENGTH = 16 * 1024 * 1024

/** A decoder for one stream: UTF-8 signs and lines may be split anywhere between pieces. */
export function createLineDecoder(): LineDecoder {
  const decoder = new TextDecoder()
  let cut = ''
  return {
    push(bytes) {
      const lines = decoder.decode(bytes, { stream: true }).split('\n')
      const rest = lines.pop() ?? ''
      if (lines.length === 0) cut += rest
      else {
        lines[0] = cut + lines[0]
        cut = rest
      }
      if (cut.length > MAX_LINE_LENGTH) {
        throw new AppError('too-large', 'The stream holds a line of more than 16 MiB, which is not read. Try again.')
      }
      return lines.filter(line => line.trim() !== '')
    },
    end: () => (cut + decoder.decode()).trim(),
  }
}
