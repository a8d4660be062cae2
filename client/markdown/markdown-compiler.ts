import {
  type AskedWorker,
  type BoundedWorkerOptions,
  createBoundedWorker,
  type WorkerOutcome,
  type WorkerWord,
} from '../platform/bounded-worker.ts'
import type { CompiledPiece, MarkdownPiece } from './markdown-tree.ts'

/** What became of a piece: its tree, or the news that there is none and the text is to be shown as it is. */
export type CompileOutcome = WorkerOutcome<CompiledPiece>

/** Turns pieces of Markdown into trees. One serves every message of the page. */
export interface MarkdownCompiler {
  compile(piece: MarkdownPiece): Promise<CompileOutcome>
}

/** A worker whose script is `client/workers/markdown-worker.ts`. */
export type MarkdownWorker = AskedWorker
export type WorkerMessage = WorkerWord<CompiledPiece>

const BUDGET_MS = 250

/** Compiles in a worker, one piece at a time in the order of the calls, each within its budget of time. */
export function createMarkdownCompiler(
  options: Omit<BoundedWorkerOptions, 'budgetMs'> & { readonly budgetMs?: number },
): MarkdownCompiler {
  return { compile: createBoundedWorker<MarkdownPiece, CompiledPiece>({ budgetMs: BUDGET_MS, ...options }) }
}
