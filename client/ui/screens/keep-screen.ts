import type { App } from '../../app.ts'
import { TEMPORARY_CHAT } from '../../platform/chat-of-path.ts'
import { onHide } from '../../platform/connection-hints.ts'
import type { KeptChat, KeptNode, LastScreen } from '../../stores/last-screen.ts'
import { SETTLED } from '../lazy-markdown.ts'
import { turnItems } from '../turn-items.ts'

const MOST_ROWS = 50
const MOST_TURNS = 3

/** Keeps what is on the screen whenever the page goes out of sight: the next start shows it at once. */
export function keepScreen(app: App, log: HTMLElement): void {
  onHide(app.alive, () => app.lastScreen.keep({ page: pageOf(app), chat: chatOf(app, log) }))
}

function pageOf({ conversations }: App): LastScreen['page'] {
  if (conversations.load.peek().state !== 'ready') return null
  const rows = conversations.list.peek()
  return {
    // Instructions can be long, and the list does not show them.
    rows: rows.slice(0, MOST_ROWS).map(row => ({ ...row, system_prompt: null })),
    hasMore: rows.length > MOST_ROWS || conversations.hasMore.peek(),
    isComplete: true,
    isAllHere: conversations.isAllHere.peek(),
  }
}

function chatOf({ chat, messages }: App, log: HTMLElement): KeptChat | null {
  const conversation = chat.conversation.peek()
  const turns = chat.turns.peek()
  const shown = turns.slice(-MOST_TURNS)
  const kept = shown.flatMap(({ question, answer }) => (answer === null ? [question] : [question, answer]))
  const leaf = kept.at(-1)
  if (conversation === null || conversation.id === TEMPORARY_CHAT || leaf === undefined) return null
  const items = turnItems(log)
  const from = turns.length - shown.length
  const answers = shown.flatMap(({ answer }, index) => {
    const root = items[from + index]?.querySelector(`.answer[${SETTLED}]`)
    return answer === null || !root ? [] : [[answer.id, [...root.childNodes].flatMap(keptNode)] as const]
  })
  return {
    conversation: { ...conversation, active_leaf_id: leaf.id },
    messages: kept,
    deviceId: messages.deviceId.peek(),
    answers: Object.fromEntries(answers),
  }
}

function keptNode(node: Node): readonly KeptNode[] {
  if (node instanceof Text) return [node.data]
  if (!(node instanceof Element)) return []
  const attributes = Object.fromEntries(Array.from(node.attributes, ({ name, value }) => [name, value]))
  return [{ tag: node.localName, attributes, children: [...node.childNodes].flatMap(keptNode) }]
}
