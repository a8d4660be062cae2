import type { Role } from '#shared/records.ts'

/** What the index keeps of a message without its words. */
export type MessageFacts = {
  readonly id: string
  readonly conversationId: string
  readonly createdAtMs: number
  readonly role: Role
  readonly model: string | null
  readonly hasCode: boolean
  readonly hasImage: boolean
}

/** A message on its way into the index. */
export type IndexedMessage = MessageFacts & { readonly words: readonly string[] }

const ROLES: readonly Role[] = ['user', 'assistant', 'system']
const CODE = 4
const IMAGE = 8
const MODEL_SHIFT = 8

type PackedFacts = Pick<MessageFacts, 'role' | 'hasCode' | 'hasImage'> & { readonly model: number }

/** The facts as one number; `model` is its place in the segment's list, 0 for none. */
export function packFacts({ role, hasCode, hasImage, model }: PackedFacts): number {
  return ROLES.indexOf(role) | (hasCode ? CODE : 0) | (hasImage ? IMAGE : 0) | (model << MODEL_SHIFT)
}

export function unpackFacts(packed: number): PackedFacts {
  return {
    role: ROLES[packed & 3] ?? 'user',
    hasCode: (packed & CODE) !== 0,
    hasImage: (packed & IMAGE) !== 0,
    model: packed >>> MODEL_SHIFT,
  }
}
