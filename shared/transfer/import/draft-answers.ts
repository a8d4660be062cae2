import type { ForeignMessage, ForeignNode, Skipped } from './foreign-chat.ts'
import { orderNodes, type PlacedNode } from './order-nodes.ts'

/** A message on its way into the tree: one node of the file, or several that make one answer. */
export type Draft = {
  readonly id: string
  readonly parent: Draft | null
  readonly role: ForeignMessage['role']
  readonly timeMs: number | null
  readonly parts: ForeignMessage[]
  /** Reasoning that stood in nodes of its own. */
  readonly thoughts: string[]
}

type Drafts = {
  /** Parents before their children. */
  readonly drafts: readonly Draft[]
  /** What each node of the file became, or hangs on. */
  readonly draftOf: ReadonlyMap<string, Draft | null>
  readonly skipped: readonly Pick<Skipped, 'node' | 'reason'>[]
}

type Thought = { readonly id: string; readonly reasoning: string }

/** What hangs over a node: the nearest message above, and reasoning that waits for its answer. */
type Above = { readonly message: string | null; readonly thoughts: readonly Thought[] }

/** What the prompt says that an answer needs and the file does not have. */
const NO_PROMPT = '(no prompt in the file)'
/** A chain of thoughts is short; a hostile one is cut before copying it becomes work. */
const MOST_THOUGHTS = 50

/**
 * Turns nodes into prompts and answers as this program knows them: what is left out hands its children to the nearest message
 * above; the steps of one answer (calls of tools, their results, the words after them) become one message.
 */
export function draftAnswers(nodes: readonly ForeignNode[]): Drafts {
  const { placed, cut, repeated } = orderNodes(nodes)
  const above = placeAbove(placed)
  const only = onlyChildren(placed, above)
  const drafts: Draft[] = []
  const draftOf = new Map<string, Draft | null>()
  const taken = new Set<string>()
  for (const { node } of placed) {
    const { message, thoughts } = mustGet(above, node.id)
    const parent = message === null ? null : (draftOf.get(message) ?? null)
    if (node.kind !== 'message') {
      draftOf.set(node.id, parent)
      continue
    }
    const draft = { ...node, parent, parts: [node], thoughts: [] }
    draftOf.set(node.id, node.role === 'assistant' ? addAnswer(drafts, draft, only.has(node.id)) : draft)
    if (node.role !== 'assistant') drafts.push(draft)
    else {
      draftOf.get(node.id)?.thoughts.push(...thoughts.map(({ reasoning }) => reasoning))
      for (const { id } of thoughts) taken.add(id)
    }
  }
  const skipped = placed.flatMap(({ node }) => {
    if (node.kind === 'skip') return [{ node: node.id, reason: node.reason }]
    return node.kind === 'thought' && !taken.has(node.id)
      ? [{ node: node.id, reason: 'reasoning without an answer' }]
      : []
  })
  return {
    drafts,
    draftOf,
    skipped: [
      ...skipped,
      ...cut.map(node => ({ node, reason: 'its chain of messages ran in a circle, which was cut here' })),
      ...repeated.map(node => ({ node, reason: 'another message with the same id stands before it' })),
    ],
  }
}

/** Adds an answer, to the one before it where it goes on with that; under a prompt of ours where the file has none. */
function addAnswer(drafts: Draft[], draft: Draft, isOnlyChild: boolean): Draft {
  const { parent } = draft
  if (parent?.role === 'assistant' && isOnlyChild) {
    parent.parts.push(...draft.parts)
    return parent
  }
  if (parent?.role === 'user') {
    drafts.push(draft)
    return draft
  }
  const prompt = promptFor(draft)
  const answer = { ...draft, parent: prompt }
  drafts.push(prompt, answer)
  return answer
}

function promptFor({ id, parent, timeMs }: Draft): Draft {
  const part = { kind: 'message', role: 'user', content: NO_PROMPT, reasoning: null, citations: [] } as const
  return {
    id: `${id}#prompt`,
    parent,
    role: 'user',
    timeMs,
    parts: [{ ...part, model: null, error: null }],
    thoughts: [],
  }
}

function placeAbove(placed: readonly PlacedNode[]): ReadonlyMap<string, Above> {
  const above = new Map<string, Above>()
  for (const { node, parent } of placed) {
    above.set(
      node.id,
      parent === null ? { message: null, thoughts: [] } : handDown(parent.node, mustGet(above, parent.node.id)),
    )
  }
  return above
}

function handDown(node: ForeignNode, own: Above): Above {
  switch (node.kind) {
    case 'message':
      return { message: node.id, thoughts: [] }
    case 'thought':
      return { message: own.message, thoughts: [...own.thoughts.slice(0, MOST_THOUGHTS - 1), node] }
    case 'skip':
      return own
    default:
      return node satisfies never
  }
}

/** The messages that are the only one below theirs: nothing branches there, so they may be parts of one answer. */
function onlyChildren(placed: readonly PlacedNode[], above: ReadonlyMap<string, Above>): ReadonlySet<string> {
  const messages = placed.flatMap(({ node }) => (node.kind === 'message' ? [node.id] : []))
  const groups = Map.groupBy(messages, id => mustGet(above, id).message)
  return new Set([...groups.values()].flatMap(group => (group.length === 1 ? group : [])))
}

function mustGet(above: ReadonlyMap<string, Above>, id: string): Above {
  const found = above.get(id)
  if (found === undefined) throw new Error('A node was not placed before its children')
  return found
}
