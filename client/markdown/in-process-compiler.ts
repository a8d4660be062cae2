import { compileMarkdown } from './compile-markdown.ts'
import type { MarkdownCompiler } from './markdown-compiler.ts'

/** Compiles where it is called, without a worker and without a limit of time: for tests and for Node. */
export function createInProcessCompiler(ownOrigin: string): MarkdownCompiler {
  return { compile: async piece => ({ state: 'answered', answer: compileMarkdown(piece, ownOrigin) }) }
}
