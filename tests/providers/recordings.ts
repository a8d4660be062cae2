import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A text as an index describes it, so that the text itself need not be there twice. */
type Digest = { readonly sha256: string; readonly length: number }

/** What the provider's own SDK makes of a recording; each index names what applies. */
export type Expected = {
  readonly text?: Digest
  readonly thinking?: Digest
  readonly reasoning_summary?: Digest
  readonly refusal?: Digest
  readonly raw?: { readonly text?: Digest; readonly reasoning?: Digest }
  readonly finish?: string | null
  readonly incomplete?: string
  readonly usage?: Readonly<Record<string, unknown>> | null
  readonly model?: string
  readonly service_tier?: string | null
  readonly annotations?: Readonly<Record<string, number>>
  readonly error?: { readonly status: number | null; readonly code: unknown }
  readonly models?: { readonly count: number; readonly first: readonly string[] }
}

export type Recording = {
  /** `category/id`, by which the replay server finds it. */
  readonly name: string
  readonly category: string
  readonly kind: 'sse' | 'ndjson' | 'json'
  readonly endpoint: string
  readonly status: number
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
  readonly path: string
  readonly expected: Expected
}

// Written by hand for this suite; the recorded traffic lies beside the project and need not be there.
const FOLDERS = ['./samples', '../../../shared/fixtures/providers'].map(path =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/** All recordings of these categories (`openai-chat`, `anthropic`, …); those of our own samples are `samples`. */
export function findRecordings(...categories: readonly string[]): readonly Recording[] {
  return FOLDERS.flatMap(readFolder).filter(recording => categories.includes(recording.category))
}

function readFolder(folder: string): Recording[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap(category => readCategory(folder, category))
}

function readCategory(folder: string, category: string): Recording[] {
  const index = `${folder}/${category}/index.json`
  if (!existsSync(index)) return []
  const entries: readonly IndexEntry[] = JSON.parse(readFileSync(index, 'utf8'))
  return entries.map(entry => ({
    name: `${category}/${entry.id}`,
    category,
    kind: entry.kind,
    endpoint: entry.endpoint,
    status: entry.status,
    contentType: entry.content_type,
    headers: entry.headers,
    bytes: entry.bytes,
    path: `${folder}/${category}/${entry.file}`,
    expected: entry.expected,
  }))
}

type IndexEntry = Omit<Recording, 'name' | 'category' | 'contentType' | 'path'> & {
  readonly id: string
  readonly file: string
  readonly content_type: string
}
