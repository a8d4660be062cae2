import type { Scheduler } from '#shared/clock.ts'
import type { CompiledPiece, MarkdownPiece } from './markdown-tree.ts'

/** What became of one piece: its tree, or the news that it cannot be had and the text is to be shown as it is. */
export type CompileOutcome =
  | { readonly state: 'compiled'; readonly piece: CompiledPiece }
  | { readonly state: 'failed'; readonly reason: 'timed-out' | 'worker-broken' }

/** Turns pieces of Markdown into trees. One serves every message of the page. */
export interface MarkdownCompiler {
  compile(piece: MarkdownPiece): Promise<CompileOutcome>
}

/** The part of a Web Worker that the compiler uses. */
export type MarkdownWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>

export type MarkdownCompilerOptions = {
  /** Starts a fresh worker whose script is `client/workers/markdown-worker.ts`. */
  readonly spawn: () => MarkdownWorker
  readonly scheduler: Scheduler
  /** Milliseconds a piece may take before its worker is ended and replaced. */
  readonly budgetMs?: number
}

export declare function createMarkdownCompiler(options: MarkdownCompilerOptions): MarkdownCompiler
