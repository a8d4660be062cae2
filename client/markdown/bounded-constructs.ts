import type { Code, Construct, ConstructRecord, State, TokenizeContext } from 'micromark-util-types'

// Emphasis and brackets are matched backwards, code spans and raw HTML are looked for forwards, each from every start: quadratic.
// Real paragraphs stay far below these bounds; above them the characters are ordinary text.
const STEPS_PER_LEAF = 200_000
const RUNS_PER_LEAF = 600
const RUN_LENGTH = 32

type Usage = { steps: number; runs: number }

const UNBOUNDED = new Set(['lineEnding', 'hardBreakEscape', 'characterEscape', 'characterReference'])

/**
 * The same text constructs, each giving up once its paragraph has used its share of steps. What a paragraph gets depends on
 * that paragraph alone, so a text in pieces and the same text at once give the same tree.
 */
export function boundConstructs(constructs: ConstructRecord): ConstructRecord {
  const usages = new WeakMap<TokenizeContext, Usage>()
  // The tokenizer tells resolvers apart by identity: one construct under two characters must stay one construct.
  const bounded = new Map<Construct, Construct>()

  function usageOf(context: TokenizeContext): Usage {
    const known = usages.get(context)
    if (known !== undefined) return known
    const usage = { steps: 0, runs: 0 }
    usages.set(context, usage)
    return usage
  }

  function bound(construct: Construct): Construct {
    if (UNBOUNDED.has(construct.name ?? '')) return construct
    const known = bounded.get(construct)
    if (known !== undefined) return known
    const result = boundConstruct(construct, usageOf)
    bounded.set(construct, result)
    return result
  }

  return Object.fromEntries(
    Object.entries(constructs).map(([code, value]) => [code, value === undefined ? value : [value].flat().map(bound)]),
  )
}

function boundConstruct(construct: Construct, usageOf: (context: TokenizeContext) => Usage): Construct {
  const isRun = construct.name === 'attention' || construct.name === 'strikethrough'
  const looksBack = construct.name === 'labelEnd' || construct.name === 'gfmPotentialFootnoteCall'
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const usage = usageOf(this)
      if (isRun) usage.runs++
      if (looksBack) usage.steps += this.events.length
      if (usage.steps > STEPS_PER_LEAF || usage.runs > RUNS_PER_LEAF) return nok
      let ownSteps = 0
      let isOver = false
      const leave = (state: State) => (code: Code) => {
        isOver = true
        return state(code)
      }
      const step =
        (state: State): State =>
        code => {
          usage.steps++
          ownSteps++
          if (usage.steps > STEPS_PER_LEAF || (isRun && ownSteps > RUN_LENGTH)) return nok(code)
          const next = state(code)
          return isOver || next === undefined ? next : step(next)
        }
      return step(construct.tokenize.call(this, effects, leave(ok), leave(nok)))
    },
  }
}
