import type { ReadableText } from '../runs/growing-text.ts'
import { countNodes } from './count-nodes.ts'
import type { Footnotes } from './footnotes.ts'
import { answersFor, changedLabels, collectLabels, type Labels } from './label-index.ts'
import { lineEndOf } from './line-breaks.ts'
import type { CompileOutcome, MarkdownCompiler } from './markdown-compiler.ts'
import type { BlockNode, CompiledPart, CompiledPiece, MarkdownPiece } from './markdown-tree.ts'
import { appendNodes } from './merge-blocks.ts'
import { createStableParts } from './stable-parts.ts'

/** What has to change in the page after a step. */
export type DocumentChange = {
  /** Blocks before this one are done, save for definitions still to come. */
  readonly doneBlocks: number
  /** The blocks from `tailIndex` on. */
  readonly tailIndex: number
  readonly tail: readonly BlockNode[]
  /** Done blocks that a definition changed. */
  readonly revised: readonly { readonly index: number; readonly node: BlockNode }[]
  readonly footnotes: Footnotes
  /** Text at the end that has no tree: its compiling failed. Null when all is well. */
  readonly plain: string | null
  /** Characters of the text that this change shows. */
  readonly shownLength: number
}

export type DocumentLimits = {
  /** Characters that lie before a border before it is worth a part of its own. */
  readonly stableLength: number
  /** Characters compiled at once, at most; more only when a block is longer. */
  readonly sliceLength: number
}

const LIMITS: DocumentLimits = { stableLength: 400, sliceLength: 8_000 }
// A slice without a border holds one long block, and is compiled from the block's start: twice as much each time.
const GROWTH = 2
/** A block that has not ended after so many characters is shown as it was written: a browser takes long to lay it out. */
const LONGEST_BLOCK = 64_000
// One slice is drawn in one frame: dense ones are made shorter. Prose has a node for each 40 characters.
const FIRST_SLICE = 2_000
const NODES_PER_SLICE = 400
// A slice that failed may have met a busy machine: it is tried once more, smaller.
const SHRINKAGE = 4
const NO_LABELS: Labels = { links: new Map(), footnotes: new Map() }
const NO_PART: CompiledPart = {
  length: 0,
  inside: null,
  nodes: [],
  definitions: [],
  footnotes: [],
  calls: [],
  asked: [],
}

/** The tree of a growing text. Only what follows the last safe border is compiled again. */
export interface MarkdownDocument {
  /** Takes in a text that begins with the one before, or the next slice of it when it is long. */
  advance(text: ReadableText): Promise<DocumentChange>
}

/** A document without text. */
export function createMarkdownDocument(
  compiler: MarkdownCompiler,
  limits: Partial<DocumentLimits> = {},
): MarkdownDocument {
  const { stableLength, sliceLength } = { ...LIMITS, ...limits }
  const stable = createStableParts()
  let labels = NO_LABELS
  let open = NO_PART
  let hasFailed = false
  let isSecondTry = false
  // Where slices have no bound, blocks have none either.
  const longestBlock = Math.max(LONGEST_BLOCK, sliceLength)
  let slice = Math.min(sliceLength, FIRST_SLICE)
  let reach = slice

  async function advance(text: ReadableText): Promise<DocumentChange> {
    const tailIndex = stable.blockCount()
    const start = stable.length()
    const end = hasFailed ? text.length : sliceEnd(text, start + reach)
    const isWhole = end === text.length
    const piece = {
      text: text.slice(start, end),
      inside: stable.inside(),
      split: { atLeast: isWhole ? stableLength : 1 },
    }
    hasFailed ||= end - start > longestBlock
    const outcome = hasFailed ? FAILED : await compileAnswered(compiler, piece, stable.labels(), open.asked)
    if (outcome.state === 'failed' && !hasFailed) {
      giveWay()
      return advance(text)
    }
    const done = outcome.state === 'failed' ? [] : takeIn(outcome.answer, isWhole)
    const revised = await revise(text)
    // The end of a slice that is not the end of the text shows a state that never was: it waits for the next slice.
    const shown = isWhole ? open : NO_PART
    return {
      tailIndex,
      tail: [...done, ...appendNodes(stable.joint(), shown.nodes, stable.inside() !== null)],
      doneBlocks: stable.blockCount(),
      revised,
      footnotes: { definitions: labels.footnotes, calls: [...stable.calls(), ...shown.calls] },
      plain: hasFailed ? text.slice(stable.length()) : null,
      shownLength: isWhole ? end : stable.length(),
    }
  }

  function giveWay(): void {
    // A reach that has grown stands for one long block, which would only fail again.
    hasFailed ||= isSecondTry || reach > sliceLength
    isSecondTry = true
    reach = Math.ceil(slice / SHRINKAGE)
    if (hasFailed) open = NO_PART
  }

  function takeIn(piece: CompiledPiece, isWhole: boolean): readonly BlockNode[] {
    isSecondTry = false
    open = piece.open
    if (piece.stable === null) {
      reach = isWhole ? slice : reach * GROWTH
      return []
    }
    slice = fittingSlice(piece.stable)
    reach = slice
    return stable.add(piece.stable, piece.open.inside)
  }

  /** Characters that make about as many nodes as a frame can draw, going by the part before. */
  function fittingSlice({ nodes, length }: CompiledPart): number {
    const fitting = Math.ceil((length * NODES_PER_SLICE) / Math.max(1, countNodes(nodes)))
    return Math.max(1, Math.min(sliceLength, fitting, slice * 2))
  }

  /** Compiles the done parts again that asked for a label whose meaning has changed. */
  async function revise(text: ReadableText): Promise<DocumentChange['revised']> {
    const before = labels
    labels = collectLabels(stable.labels(), open)
    const stale = stable.askersOf(changedLabels(before, labels))
    const whole = stale.length === 0 ? '' : text.slice()
    for (const index of stale) {
      const part = stable.part(index)
      const end = part.start + part.length
      const piece = {
        // One line more: a block is known to end only by what follows it.
        text: whole.slice(part.start, lineEndOf(whole, end)),
        inside: part.inside,
        split: { at: part.length },
      }
      const outcome = await compileAnswered(compiler, piece, labels, part.asked)
      // A part that takes too long the second time keeps the tree it has.
      if (outcome.state === 'answered' && outcome.answer.stable !== null) stable.replace(index, outcome.answer.stable)
    }
    if (stale.length > 0) labels = collectLabels(stable.labels(), open)
    return stable.blocksOf(stale)
  }

  return { advance }
}

const FAILED: CompileOutcome = { state: 'failed', reason: 'timed-out' }

/** Compiles a piece with the definitions it turns out to ask for: once more for each round of labels not foreseen. */
async function compileAnswered(
  compiler: MarkdownCompiler,
  piece: Pick<MarkdownPiece, 'text' | 'inside' | 'split'>,
  known: Labels,
  foreseen: readonly string[],
): Promise<CompileOutcome> {
  const given = new Set(foreseen)
  for (;;) {
    const outcome = await compiler.compile({ ...piece, ...answersFor(given, known) })
    if (outcome.state === 'failed') return outcome
    const asked = outcome.answer.open.asked.filter(label => !given.has(label))
    const missing = answersFor(asked, known)
    if (missing.definitions.length === 0 && missing.footnotes.length === 0) return outcome
    for (const label of asked) given.add(label)
  }
}

/** The end of the line at `offset`, so that a slice holds whole lines. */
function sliceEnd(text: ReadableText, offset: number): number {
  if (offset >= text.length) return text.length
  const next = text.slice(offset).indexOf('\n')
  return next === -1 ? text.length : offset + next + 1
}
