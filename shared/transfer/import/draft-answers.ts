import { type ForeignMessage, type ForeignNode, PLAIN_MESSAGE, type Skipped } from './foreign-chat.ts'
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

/** Reasoning that waits for its answer, the last of it first; shared by all that stands below. */
type Thoughts = {
  readonly id: string
  readonly timeMs: number | null
  readonly reasoning: string
  readonly before: Thoughts | null
}

/** What hangs over a node: the nearest message above, and what was thought since then. */
type Above = { readonly message: string | null; readonly thoughts: Thoughts | null }

/** What the prompt says that an answer needs and the file does not have. */
const NO_PROMPT = '(no prompt in the file)'
const NO_ANSWER = 'The file has what was thought, and no answer.'

/**
 * Turns nodes into prompts and answers as this program knows them: what is left out hands its children to the nearest message
 * above; the steps of one answer (calls of tools, their results, the words after them) become one message.
 */
export function draftAnswers(nodes: readonly ForeignNode[]): Drafts {
  const { placed, cut, repeated } = orderNodes(nodes)
  const above = placeAbove(placed)
  const only = onlyChildren(placed, above)
  const going = findGoingOn(placed)
  const drafts: Draft[] = []
  const draftOf = new Map<string, Draft | null>()
  const ended = new Map<string, Draft>()
  const end = (parent: Draft | null, thoughts: Thoughts): Draft => {
    const answer = ended.get(thoughts.id) ?? endThoughts(drafts, parent, thoughts)
    ended.set(thoughts.id, answer)
    return answer
  }
  for (const { node } of placed) {
    const { message, thoughts } = mustGet(above, node.id)
    const parent = message === null ? null : (draftOf.get(message) ?? null)
    if (node.kind === 'skip' || (node.kind === 'thought' && going.has(node.id))) {
      draftOf.set(node.id, ended.get(thoughts?.id ?? '') ?? parent)
    } else if (node.kind === 'thought') {
      draftOf.set(node.id, end(parent, { ...node, before: thoughts }))
    } else if (node.role === 'assistant') {
      const answer = addAnswer(drafts, { ...node, parent, parts: [node], thoughts: [] }, only.has(node.id))
      answer.thoughts.push(...wordsOf(thoughts))
      draftOf.set(node.id, answer)
    } else {
      const draft = { ...node, parent: thoughts === null ? parent : end(parent, thoughts), parts: [node], thoughts: [] }
      draftOf.set(node.id, draft)
      drafts.push(draft)
    }
  }
  return {
    drafts,
    draftOf,
    skipped: [
      ...placed.flatMap(({ node }) => (node.kind === 'skip' ? [{ node: node.id, reason: node.reason }] : [])),
      ...cut.map(node => ({ node, reason: 'its chain of messages ran in a circle, which was cut here' })),
      ...repeated.map(node => ({ node, reason: 'another message with the same id stands before it' })),
    ],
  }
}

/** Nodes below which anything else is thought or said. */
function findGoingOn(placed: readonly PlacedNode[]): ReadonlySet<string> {
  const going = new Set<string>()
  for (const { node, parent } of placed.toReversed()) {
    if (parent !== null && (node.kind !== 'skip' || going.has(node.id))) going.add(parent.node.id)
  }
  return going
}

/** What was thought and led to no answer: it belongs to the answer before it, or is one without words. */
function endThoughts(drafts: Draft[], parent: Draft | null, thoughts: Thoughts): Draft {
  if (parent?.role === 'assistant') {
    parent.thoughts.push(...wordsOf(thoughts))
    return parent
  }
  const part = { ...PLAIN_MESSAGE, role: 'assistant', content: '', error: NO_ANSWER } as const
  const { id, timeMs } = thoughts
  return addAnswer(drafts, { id, parent, role: 'assistant', timeMs, parts: [part], thoughts: wordsOf(thoughts) }, false)
}

/** In the order in which they were thought. */
function wordsOf(thoughts: Thoughts | null): string[] {
  const words: string[] = []
  for (let next = thoughts; next !== null; next = next.before) words.push(next.reasoning)
  return words.reverse()
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
  const part = { ...PLAIN_MESSAGE, role: 'user', content: NO_PROMPT } as const
  return {
    id: `${id}#prompt`,
    parent,
    role: 'user',
    timeMs,
    parts: [part],
    thoughts: [],
  }
}

function placeAbove(placed: readonly PlacedNode[]): ReadonlyMap<string, Above> {
  const above = new Map<string, Above>()
  for (const { node, parent } of placed) {
    above.set(
      node.id,
      parent === null ? { message: null, thoughts: null } : handDown(parent.node, mustGet(above, parent.node.id)),
    )
  }
  return above
}

function handDown(node: ForeignNode, own: Above): Above {
  switch (node.kind) {
    case 'message':
      return { message: node.id, thoughts: null }
    case 'thought':
      return { message: own.message, thoughts: { ...node, before: own.thoughts } }
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
