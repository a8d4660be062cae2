import type { Citation, Role } from '../../records.ts'

/** Where a file comes from, in the word that its ids are made with: once chosen, never changed. */
export type ImportSource =
  | 'llm-router'
  | 'chatgpt'
  | 'claude'
  | 'open-webui'
  | 'librechat'
  | 'big-agi'
  | 'nextchat'
  | 'betterchatgpt'
  | 'chatbotui'
  | 'grok'

/** A node of another program's tree of messages. */
export type ForeignNode = {
  readonly id: string
  /** Null for a root; an id that is not in the chat makes a root too. */
  readonly parentId: string | null
  readonly timeMs: number | null
} & ForeignKind

/** What a node is, without its place. */
export type ForeignKind = ForeignMessage | ForeignThought | ForeignSkip

/** One that becomes a message, or a part of the answer before it. */
export type ForeignMessage = {
  readonly kind: 'message'
  readonly role: Role
  readonly content: string
  readonly reasoning: string | null
  readonly citations: readonly Citation[]
  /** `provider/model` as far as the file tells. */
  readonly model: string | null
  /** Why the answer is not whole, in a sentence. */
  readonly error: string | null
}

/** Reasoning that stands before its answer in a node of its own. */
type ForeignThought = { readonly kind: 'thought'; readonly reasoning: string }

/** One that is left out; what hangs on it hangs on the next one above. */
type ForeignSkip = { readonly kind: 'skip'; readonly reason: string }

/** A conversation as another program's file tells it. */
export type ForeignChat = {
  readonly source: Exclude<ImportSource, 'llm-router'>
  readonly id: string
  readonly title: string | null
  readonly systemPrompt: string | null
  readonly createdAtMs: number | null
  readonly updatedAtMs: number | null
  readonly isArchived: boolean
  readonly isPinned: boolean
  readonly tags: readonly string[]
  /** What the program keeps the chat under, in another file of its export. */
  readonly projectId: string | null
  /** Null: the newest leaf. */
  readonly activeId: string | null
  readonly nodes: readonly ForeignNode[]
  /** Pictures and files that the messages name; their bytes are not brought in. */
  readonly missing: number
}

/** Something of the file that is not brought in, and why, in words. */
export type Skipped = {
  /** The conversation's title, where it is known. */
  readonly chat: string | null
  /** The outer id of the node; null for a whole conversation. */
  readonly node: string | null
  readonly reason: string
}

/** A chat of which only a little is told; the parsers fill in what their program tells. */
export const PLAIN_CHAT = {
  title: null,
  systemPrompt: null,
  createdAtMs: null,
  updatedAtMs: null,
  isArchived: false,
  isPinned: false,
  tags: [],
  projectId: null,
  activeId: null,
  missing: 0,
} as const

/** A message of which only a little is told. */
export const PLAIN_MESSAGE = {
  kind: 'message',
  reasoning: null,
  citations: [],
  model: null,
  error: null,
} as const

/** `provider/model` of a bare name; null where there is none. */
export function modelName(provider: string, name: unknown): string | null {
  if (typeof name !== 'string') return null
  const bare = name.replaceAll('\0', '').trim().replace(/\s+/g, '-').slice(0, 200).toWellFormed()
  return bare === '' ? null : `${provider.slice(0, 90)}/${bare}`
}

/** What stands in a message in place of a picture or file whose bytes are not in it. */
export function missingLine(kind: 'picture' | 'file' | 'recording', name: string | null): string {
  return `*[${kind}${
    name === null
      ? ''
      : ` “${name
          .replace(/[\s*[\]]+/g, ' ')
          .trim()
          .slice(0, 120)}”`
  }: not brought in]*`
}
