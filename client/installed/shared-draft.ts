import type { SharedFile, SharedThing } from './worker-database.ts'

/** What came in, as a draft, and a sentence for each file that was not taken. */
export type SharedDraft = { readonly text: string; readonly refusals: readonly string[] }

/** All files of a draft together. Two thirds of what a prompt may hold on its way to the pi. */
const MOST_FILE_BYTES = 160_000
const KILOBYTE = 1000

const NOT_YET: readonly (readonly [type: RegExp, words: string])[] = [
  [/^image\//, 'pictures cannot be sent yet'],
  [/^application\/pdf$/, 'PDFs cannot be sent yet'],
  [/^(audio|video)\//, 'sound and films cannot be sent'],
]

/** Makes a draft of what was shared: its words, then each text file as a fenced block under its name. */
export async function draftOf(things: readonly SharedThing[]): Promise<SharedDraft> {
  const blocks: string[] = []
  const refusals: string[] = []
  let roomBytes = MOST_FILE_BYTES
  for (const thing of things) {
    const words = wordsOf(thing)
    if (words !== '') blocks.push(words)
    for (const file of thing.files) {
      const read = await readText(file, roomBytes)
      if (read.isTaken) {
        roomBytes -= file.sizeBytes
        blocks.push(fence(file.name, read.text))
      } else {
        refusals.push(`“${file.name}” was not taken: ${read.why}.`)
      }
    }
  }
  return { text: blocks.join('\n\n'), refusals }
}

/** Phones put the address into the text as well, and the title into both. */
function wordsOf({ title, text, url }: SharedThing): string {
  const parts = [title, text, url].map(part => part.trim())
  const rest = parts.filter((part, index) => !parts.some((other, at) => at !== index && holds(other, part, at < index)))
  return rest.join('\n')
}

function holds(other: string, part: string, isEarlier: boolean): boolean {
  return other === part ? isEarlier : other.includes(part)
}

type Read = { readonly isTaken: true; readonly text: string } | { readonly isTaken: false; readonly why: string }

async function readText({ type, sizeBytes, bytes }: SharedFile, roomBytes: number): Promise<Read> {
  const notYet = NOT_YET.find(([pattern]) => pattern.test(type))
  if (notYet !== undefined) return { isTaken: false, why: notYet[1] }
  if (bytes === null || sizeBytes > roomBytes) {
    const most = `${MOST_FILE_BYTES / KILOBYTE} kB`
    return { isTaken: false, why: `it has ${Math.ceil(sizeBytes / KILOBYTE)} kB, and a prompt takes ${most} of files` }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await bytes.arrayBuffer())
    return text.includes('\0') ? NO_TEXT : { isTaken: true, text }
  } catch (error) {
    if (error instanceof TypeError) return NO_TEXT
    throw error
  }
}

const NO_TEXT: Read = { isTaken: false, why: 'it is not text' }

/** A fence longer than any run of backticks within. */
function fence(name: string, text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const marks = '`'.repeat(longest + 1)
  const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1] ?? ''
  return `${name.replace(/\s+/g, ' ')}:\n\n${marks}${ending.toLowerCase()}\n${text.replace(/\n$/, '')}\n${marks}`
}
