import { parse, postprocess, preprocess } from 'micromark'
import { gfm } from 'micromark-extension-gfm'
import type { Event } from 'micromark-util-types'
import { boundConstructs } from './bounded-constructs.ts'
import { boundContainers } from './bounded-containers.ts'

export type TokenizedMarkdown = { readonly events: readonly Event[]; readonly asked: readonly string[] }

/** The labels a text defines, and a note of each one that was looked up. */
class LabelList extends Array<string> {
  readonly #known: Set<string>
  readonly #note: (label: string) => void

  constructor(known: readonly string[], note: (label: string) => void) {
    super()
    this.#known = new Set(known)
    this.#note = note
  }

  override push(...labels: string[]): number {
    for (const label of labels) this.#known.add(label)
    return this.#known.size
  }

  override includes(label: string): boolean {
    this.#note(label)
    return this.#known.has(label)
  }
}

const extension = gfm()

/** CommonMark and GFM events of a text, with the labels known from elsewhere. Time is bounded for every paragraph. */
export function tokenizeMarkdown(
  text: string,
  known: { readonly definitions: readonly string[]; readonly footnotes: readonly string[] },
): TokenizedMarkdown {
  const asked = new Set<string>()
  const parser = parse({ extensions: [extension] })
  parser.constructs.text = boundConstructs(parser.constructs.text)
  parser.constructs.document = boundContainers(parser.constructs.document)
  parser.defined = new LabelList(known.definitions, label => asked.add(label))
  const footnotes = new LabelList(known.footnotes, label => asked.add(`^${label}`))
  Object.assign(parser, { gfmFootnotes: footnotes })
  const events = postprocess(parser.document().write(preprocess()(text, undefined, true)))
  return { events, asked: [...asked] }
}
