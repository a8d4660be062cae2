import type { Citation } from '#shared/records.ts'
import { countOf, type JsonRecord, recordOf, textOf } from './json.ts'

/** A `url_citation`, flat in Responses and one level deeper in Chat, or a `file_citation`; null for what has no source to show. */
export function readCitation(annotation: JsonRecord, textStart: number): Citation | null {
  const source =
    annotation.type === 'url_citation' && annotation.url_citation ? recordOf(annotation.url_citation) : annotation
  const url = textOf(source.url)
  const title = textOf(source.title) ?? textOf(source.filename)
  if (url === null && title === null) return null
  const start = countOf(source.start_index) ?? countOf(source.index)
  const end = countOf(source.end_index)
  // OpenRouter gives 0 to 0 where it does not know the place.
  const isPlaced = start !== null && !(start === 0 && end === 0)
  return {
    url,
    title,
    quote: textOf(source.content),
    start: isPlaced ? start + textStart : null,
    end: isPlaced && end !== null ? end + textStart : null,
  }
}

/** A source of the whole answer: an address (xAI, Perplexity), or an object with title and address (Perplexity). */
export function readSource(source: unknown): Citation | null {
  const url = textOf(source) ?? textOf(recordOf(source).url)
  return url === null ? null : { url, title: textOf(recordOf(source).title), quote: null, start: null, end: null }
}
