import type { ProviderEvent } from '../provider.ts'
import { createThinkTagSplitter } from '../think-tags.ts'
import { readCitation } from './citations.ts'
import { countOf, type JsonRecord, listOf, recordOf, textOf } from './json.ts'

/** Joins the output items of the Responses API to one answer. */
export interface OutputWriter {
  write(event: JsonRecord, events: ProviderEvent[]): void
  flush(events: ProviderEvent[]): void
  /** The answer is over: `output` fills in what was not streamed. */
  end(output: readonly unknown[], events: ProviderEvent[]): void
  isRefusal(): boolean
}

/**
 * A writer for one answer. Newer models send several messages, and their pieces may be mixed: each message is written
 * in one go, so pieces of a second one wait until the first is done.
 */
export function createOutputWriter(): OutputWriter {
  const splitter = createThinkTagSplitter()
  const waiting = new Map<number, JsonRecord[]>()
  const done = new Set<number>()
  let openMessage: number | null = null
  let lastMessage: number | null = null
  let textLength = 0
  let part = ''
  let partStart = 0
  let reasoningPart: string | null = null
  let isRefused = false
  let hasCitations = false

  function write(event: JsonRecord, events: ProviderEvent[]): void {
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
      case 'response.output_text.annotation.added':
        writeInTurn(event, events)
        break
      case 'response.output_item.done':
      case 'response.output_text.done':
      case 'response.refusal.done':
        closeMessage(countOf(event.output_index) ?? 0, events)
        break
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        writeReasoning(
          `${event.output_index}.${event.summary_index ?? event.content_index}`,
          textOf(event.delta),
          events,
        )
        break
    }
  }

  function writeInTurn(event: JsonRecord, events: ProviderEvent[]): void {
    const message = countOf(event.output_index) ?? 0
    if (openMessage !== null && openMessage !== message) {
      waiting.set(message, [...(waiting.get(message) ?? []), event])
      return
    }
    openMessage = done.has(message) ? null : message
    if (event.type === 'response.output_text.annotation.added') writeCitation(recordOf(event.annotation), events)
    else writeText(message, event, events)
  }

  function writeText(message: number, event: JsonRecord, events: ProviderEvent[]): void {
    const text = textOf(event.delta)
    if (text === null) return
    if (event.type === 'response.refusal.delta') isRefused = true
    if (lastMessage !== null && lastMessage !== message) pushText('\n\n', events)
    lastMessage = message
    const name = `${message}.${event.content_index}`
    if (name !== part) partStart = textLength
    part = name
    pushText(text, events)
  }

  function pushText(text: string, events: ProviderEvent[]): void {
    textLength += text.length
    splitter.push(text, events)
  }

  function writeCitation(annotation: JsonRecord, events: ProviderEvent[]): void {
    const citation = readCitation(annotation, partStart)
    if (citation === null) return
    hasCitations = true
    events.push({ type: 'citation', citation })
  }

  /** Parts of a summary come without a line end between them. */
  function writeReasoning(name: string, text: string | null, events: ProviderEvent[]): void {
    if (text === null) return
    const isNewPart = reasoningPart !== null && reasoningPart !== name
    reasoningPart = name
    events.push({ type: 'reasoning', text: isNewPart ? `\n${text}` : text })
  }

  function closeMessage(message: number, events: ProviderEvent[]): void {
    done.add(message)
    if (openMessage !== message) return
    openMessage = null
    writeWaiting(events)
  }

  /** Writes the messages that waited, as far as one is open again. */
  function writeWaiting(events: ProviderEvent[]): void {
    for (const message of [...waiting.keys()].sort((a, b) => a - b)) {
      if (openMessage !== null) return
      const held = waiting.get(message) ?? []
      waiting.delete(message)
      for (const event of held) writeInTurn(event, events)
    }
  }

  function flush(events: ProviderEvent[]): void {
    while (waiting.size > 0) {
      openMessage = null
      writeWaiting(events)
    }
    splitter.end(events)
  }

  function end(output: readonly unknown[], events: ProviderEvent[]): void {
    flush(events)
    const isUnheard = lastMessage === null
    const isUnreasoned = reasoningPart === null
    output.forEach((value, index) => {
      const item = recordOf(value)
      if (item.type === 'reasoning' && isUnreasoned) writeWholeReasoning(item, index, events)
      if (item.type === 'message') writeWholeMessage(item, index, isUnheard, events)
    })
    splitter.end(events)
  }

  function writeWholeReasoning(item: JsonRecord, index: number, events: ProviderEvent[]): void {
    const summary = listOf(item.summary)
    const parts = summary.length > 0 ? summary : listOf(item.content)
    parts.forEach((value, at) => {
      writeReasoning(`${index}.${at}`, textOf(recordOf(value).text), events)
    })
  }

  function writeWholeMessage(item: JsonRecord, index: number, isUnheard: boolean, events: ProviderEvent[]): void {
    const isUncited = !hasCitations
    listOf(item.content).forEach((value, at) => {
      const content = recordOf(value)
      const type = content.type === 'refusal' ? 'response.refusal.delta' : 'response.output_text.delta'
      if (isUnheard) writeText(index, { type, delta: content.refusal ?? content.text, content_index: at }, events)
      if (isUnheard && isUncited)
        for (const annotation of listOf(content.annotations)) writeCitation(recordOf(annotation), events)
    })
  }

  return { write, flush, end, isRefusal: () => isRefused }
}
