import type { Message } from '#shared/records.ts'
import type { Messages } from '../device/device.ts'

/** One prompt and the answer that is on the way from the first prompt to the active leaf. */
export type Turn = {
  readonly question: Message
  readonly answer: Message | null
  /** The last message of each way to ask or answer this turn, in the order they were made. */
  readonly variants: readonly string[]
  /** Which of them is shown. */
  readonly variant: number
}

/** The same for all versions of a turn. */
export function keyOfTurn({ question, answer }: Turn): string {
  return `${question.id}/${answer?.id ?? ''}`
}

/** The turns from the root to a leaf. A null or unknown leaf means the newest way down. */
export function turnsTo(messages: Messages, leafId: string | null): readonly Turn[] {
  const children = childrenByParent(messages)
  const path = pathTo(messages, leafId !== null && messages.has(leafId) ? leafId : newestLeaf(messages, null, children))
  const turns: Turn[] = []
  for (const [index, message] of path.entries()) {
    if (message.role !== 'user') continue
    const next = path[index + 1]
    const answer = next?.role === 'assistant' ? next : null
    const variants = variantsOf(message.parent_id, children)
    turns.push({ question: message, answer, variants, variant: variants.indexOf((answer ?? message).id) })
  }
  return turns
}

/** The newest message below another (or below the root for null), always taking the newest child. */
export function newestLeaf(
  messages: Messages,
  fromId: string | null,
  children: ReadonlyMap<string | null, readonly Message[]> = childrenByParent(messages),
): string | null {
  let id = fromId
  for (let next = children.get(id)?.at(-1); next !== undefined; next = children.get(id)?.at(-1)) id = next.id
  return id
}

function variantsOf(
  parentId: string | null,
  children: ReadonlyMap<string | null, readonly Message[]>,
): readonly string[] {
  const questions = (children.get(parentId) ?? []).filter(message => message.role === 'user')
  return questions.flatMap(question => {
    const answers = (children.get(question.id) ?? []).filter(message => message.role === 'assistant')
    return answers.length === 0 ? [question.id] : answers.map(answer => answer.id)
  })
}

/** The messages under each message, and under null the first ones, in the order they were made. */
export function childrenByParent(messages: Messages): ReadonlyMap<string | null, readonly Message[]> {
  const children = new Map<string | null, Message[]>()
  for (const message of messages.values()) {
    const siblings = children.get(message.parent_id)
    if (siblings === undefined) children.set(message.parent_id, [message])
    else siblings.push(message)
  }
  for (const siblings of children.values()) siblings.sort(byTime)
  return children
}

function byTime(left: Message, right: Message): number {
  return left.created_at - right.created_at || (left.id < right.id ? -1 : 1)
}

/** The way from the first message, or the first that is known, down to one. */
export function pathTo(messages: Messages, leafId: string | null): readonly Message[] {
  const path: Message[] = []
  for (let id = leafId; id !== null; ) {
    const message = messages.get(id)
    if (message === undefined) break
    path.push(message)
    id = message.parent_id
  }
  return path.reverse()
}
