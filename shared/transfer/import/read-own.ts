import * as v from 'valibot'
import { AppError } from '../../errors.ts'
import { FILE_FORMAT, FILE_VERSION, type FileChat, fileChatSchema } from '../file-format.ts'
import { findCuts } from './order-nodes.ts'

/** Throws AppError `bad-request` unless these first members announce our own format in a version this program reads. */
export function checkOwnHeader(format: unknown, version: unknown): void {
  if (format !== FILE_FORMAT) throw wrong('format', `should be “${FILE_FORMAT}”`)
  if (version === FILE_VERSION) return
  if (typeof version === 'number' && version > FILE_VERSION) {
    throw wrong('version', `is ${version}: this file was made by a later LLM Router. Update this one first`)
  }
  throw wrong('version', `should be ${FILE_VERSION}`)
}

/** A conversation of our own format. Throws AppError `bad-request` that names the wrong field, as in `conversations.3.title`. */
export function readOwnChat(value: unknown, index: number): FileChat {
  const path = `conversations.${index}`
  if (value === undefined) throw wrong(path, 'should be at most 50 MiB')
  const parsed = v.safeParse(fileChatSchema, value, { abortEarly: true })
  if (!parsed.success) {
    const [issue] = parsed.issues
    const field = [path, v.getDotPath(issue)].filter(part => part !== null).join('.')
    throw wrong(field, complaint(issue))
  }
  const chat = parsed.output
  refuseWrongPointers(chat, path)
  return chat
}

function refuseWrongPointers({ messages, active_leaf_id }: FileChat, path: string): void {
  const ids = new Set(messages.map(({ id }) => id))
  if (ids.size !== messages.length) throw wrong(`${path}.messages`, 'should have each id once')
  const [inCircle] = findCuts(new Map(messages.map(({ id, parent_id }) => [id, { id, parentId: parent_id }])))
  if (inCircle !== undefined) {
    const index = messages.findIndex(({ id }) => id === inCircle)
    throw wrong(`${path}.messages.${index}.parent_id`, 'should lead to a first message, and leads back to itself')
  }
  if (active_leaf_id !== null && !ids.has(active_leaf_id)) {
    throw wrong(`${path}.active_leaf_id`, 'should name one of the messages')
  }
}

function complaint(issue: v.BaseIssue<unknown>): string {
  if (issue.type !== 'strict_object') return `should be ${issue.message}`
  if (issue.expected === 'never') return 'should be left out: there is no such field'
  return issue.expected === 'Object' ? 'should be an object' : 'is missing'
}

function wrong(field: string, words: string): AppError {
  return new AppError('bad-request', `${field} ${words}.`, { field })
}
