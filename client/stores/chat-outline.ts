import type { Message } from '#shared/records.ts'
import type { Messages } from '../device/device.ts'
import { childrenByParent, pathTo } from './message-tree.ts'

/** One line of the outline: a question, or one of several answers to it. */
export type OutlineRow = {
  readonly message: Message
  /** For each branch it lies in, whether more of that branch's siblings follow below. */
  readonly rails: readonly boolean[]
  /** Whether it begins a branch, and whether that is the last one of its fork. */
  readonly fork: 'none' | 'middle' | 'last'
  /** Which of how many siblings it is, from 1. */
  readonly place: readonly [number, number]
  /** On the way that the chat shows. */
  readonly isShown: boolean
}

type Step = { readonly message: Message; readonly rails: readonly boolean[]; readonly siblings: readonly Message[] }

/**
 * The questions of all branches, from the top down, each fork drawn in by one level; answers have a line of their own only where
 * there is a choice between them.
 */
export function chatOutline(messages: Messages, leafId: string | null): readonly OutlineRow[] {
  const children = childrenByParent(messages)
  const shown = new Set(pathTo(messages, leafId).map(({ id }) => id))
  const rows: OutlineRow[] = []
  const open = stepsUnder(children, null, [])
  // A stack, not a recursion: a chat may be thousands of messages deep.
  for (let step = open.shift(); step !== undefined; step = open.shift()) {
    const { message, rails, siblings } = step
    const index = siblings.indexOf(message)
    const isLast = index === siblings.length - 1
    const fork = siblings.length === 1 ? 'none' : isLast ? 'last' : 'middle'
    const hasLine = message.role === 'user' || fork !== 'none'
    if (hasLine) {
      const place = [index + 1, siblings.length] as const
      rows.push({ message, rails, fork, place, isShown: shown.has(message.id) })
    }
    open.unshift(...stepsUnder(children, message.id, fork === 'none' ? rails : [...rails, !isLast]))
  }
  return rows
}

function stepsUnder(
  children: ReadonlyMap<string | null, readonly Message[]>,
  parentId: string | null,
  rails: readonly boolean[],
): Step[] {
  const siblings = children.get(parentId) ?? []
  return siblings.map(message => ({ message, rails, siblings }))
}
