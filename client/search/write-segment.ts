import { compareIds, ID_BYTES, writeId } from './id-bytes.ts'
import { type MessageFacts, packFacts } from './indexed-message.ts'
import { layOut, writeHeader } from './segment-layout.ts'

/** Gone through more than once; of a large merge they need not be in memory together. */
type SegmentDocs = Iterable<MessageFacts> & { readonly length: number }

/** What a segment is made of: documents in the order of results, terms in the order of their characters. */
export type SegmentContent = {
  readonly docs: SegmentDocs
  readonly terms: readonly string[]
  readonly postings: Uint8Array
  /** Where the postings of each term end. */
  readonly postingEnds: Uint32Array
}

/** The bytes of a segment. */
export function writeSegment({ docs, terms, postings, postingEnds }: SegmentContent): Uint8Array<ArrayBuffer> {
  const conversations = new Map<string, number>()
  const models = new Map<string, number>()
  for (const { conversationId, model } of docs) {
    if (!conversations.has(conversationId)) conversations.set(conversationId, conversations.size)
    if (model !== null && !models.has(model)) models.set(model, models.size)
  }
  const encoder = new TextEncoder()
  const modelText = encoder.encode(JSON.stringify([...models.keys()]))
  // A line break stands before and behind every term, so that one search of the text finds whole terms too.
  const termText = encoder.encode(`\n${terms.join('\n')}\n`)
  const layout = layOut({
    docs: docs.length,
    conversations: conversations.size,
    terms: terms.length,
    modelBytes: modelText.length,
    termBytes: termText.length,
    postingBytes: postings.length,
  })
  const bytes = new Uint8Array(layout.size)
  bytes.set(modelText, layout.models)
  bytes.set(termText, layout.termText)
  bytes.set(postings, layout.postings)
  new Uint32Array(bytes.buffer, layout.postingEnds, terms.length).set(postingEnds)
  new Uint32Array(bytes.buffer, layout.termStarts, terms.length + 1).set(startsOf(terms))
  for (const [id, place] of conversations) writeId(bytes, layout.conversationIds + place * ID_BYTES, id)
  const created = new Float64Array(bytes.buffer, layout.created, docs.length)
  const conversationOf = new Uint32Array(bytes.buffer, layout.conversationOf, docs.length)
  const facts = new Uint32Array(bytes.buffer, layout.facts, docs.length)
  const byId = new Uint32Array(bytes.buffer, layout.byId, docs.length)
  let index = 0
  for (const doc of docs) {
    created[index] = doc.createdAtMs
    conversationOf[index] = conversations.get(doc.conversationId) ?? 0
    const model = doc.model === null ? 0 : (models.get(doc.model) ?? 0) + 1
    facts[index] = packFacts({ ...doc, model })
    byId[index] = index
    writeId(bytes, layout.messageIds + index * ID_BYTES, doc.id)
    index++
  }
  const idAt = (doc: number): number => layout.messageIds + doc * ID_BYTES
  byId.sort((left, right) => compareIds(bytes, idAt(left), bytes, idAt(right)))
  writeHeader(bytes, layout)
  return bytes
}

function startsOf(terms: readonly string[]): Uint32Array {
  const starts = new Uint32Array(terms.length + 1)
  let at = 1
  for (const [index, term] of terms.entries()) {
    starts[index] = at
    at += term.length + 1
  }
  starts[terms.length] = at
  return starts
}
