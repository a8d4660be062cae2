import type { Code, Construct, ConstructRecord, State, TokenizeContext, Tokenizer } from 'micromark-util-types'

// The tokenizer copies its stack at each attempt, so depth costs its square; and no reader tells 48 levels from 49.
const DEPTH = 48

type Line = { number: number; lastOffset: number; depth: number }

/** The same containers (quotes, lists, footnotes), none of which opens below the 48th level of a line: there the marker is text. */
export function boundContainers(constructs: ConstructRecord): ConstructRecord {
  const lines = new WeakMap<TokenizeContext, Line>()

  function counted(tokenize: Tokenizer, mayOpen: (line: Line) => boolean): Tokenizer {
    return function (effects, ok, nok) {
      const { line: number, offset } = this.now()
      const known = lines.get(this)
      const line = known?.number === number ? known : { number, lastOffset: -1, depth: 0 }
      lines.set(this, line)
      if (!mayOpen(line)) return nok
      // A new container is looked at twice, by a check and by an attempt: the offset tells that it is the same one.
      const enter = (state: State) => (code: Code) => {
        if (offset > line.lastOffset) line.depth++
        line.lastOffset = offset
        return state(code)
      }
      return tokenize.call(this, effects, enter(ok), nok)
    }
  }

  function bound(construct: Construct): Construct {
    const { continuation } = construct
    return {
      ...construct,
      tokenize: counted(construct.tokenize, line => line.depth < DEPTH),
      ...(continuation && {
        continuation: { ...continuation, tokenize: counted(continuation.tokenize, () => true) },
      }),
    }
  }

  const bounded = new Map<Construct, Construct>()
  function boundOnce(construct: Construct): Construct {
    const result = bounded.get(construct) ?? bound(construct)
    bounded.set(construct, result)
    return result
  }

  return Object.fromEntries(
    Object.entries(constructs).map(([code, value]) => [
      code,
      value === undefined ? value : [value].flat().map(boundOnce),
    ]),
  )
}
