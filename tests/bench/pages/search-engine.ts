/** A message as the engines take it in. */
export type BenchDoc = { readonly id: number; readonly at: number; readonly text: string }

export type BenchQuery = {
  readonly kind: string
  readonly words: readonly string[]
  readonly isPrefix: boolean
  readonly isPhrase: boolean
}

/** One search engine in its worker. */
export type SearchEngine = {
  add(docs: readonly BenchDoc[]): Promise<void>
  /** Puts what was added on the disk; gives its bytes. */
  finish(): Promise<number>
  /** Opens what an earlier worker has put there. */
  reopen(): Promise<void>
  /** How many of the newest 50 were found. */
  find(query: BenchQuery): number
  /** What it can be asked. */
  readonly kinds: readonly string[]
}

export const ENGINES = ['product', 'sqlite', 'flexsearch', 'minisearch'] as const
export type EngineName = (typeof ENGINES)[number]

export type Task =
  | { readonly do: 'build'; readonly engine: EngineName; readonly conversations: number; readonly seed: number }
  | { readonly do: 'reopen'; readonly engine: EngineName; readonly seed: number }

export type Measured = {
  readonly buildMs: number
  readonly bytes: number
  readonly addMs: number
  /** From the worker's start to the first answer. */
  readonly firstMs: number
  readonly kinds: Readonly<Record<string, { readonly p50Ms: number; readonly p95Ms: number; readonly found: number }>>
}
