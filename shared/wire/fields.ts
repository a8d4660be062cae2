import * as v from 'valibot'
import { isId } from '../ids.ts'

export const idField = v.pipe(
  v.string('a UUID'),
  v.check(text => isId(text), 'a lower-case UUID'),
)

/** Text of 1 to `most` UTF-16 units without a NUL. */
export function textField(most: number) {
  return v.pipe(
    v.string('text'),
    v.minLength(1, 'text that is not empty'),
    v.maxLength(most, `text of at most ${most} characters`),
    v.check(text => !text.includes('\0'), 'text without a NUL character'),
    v.check(text => text.isWellFormed(), 'well-formed Unicode text'),
  )
}

/** `provider/model`. */
export const modelField = v.pipe(
  textField(300),
  v.regex(/^[a-z0-9][a-z0-9_-]*\/\S.*$/u, 'provider/model, as GET /api/usage/models lists them'),
)

export const temperatureField = v.pipe(
  v.number('a number from 0 to 2'),
  v.minValue(0, 'a number from 0 to 2'),
  v.maxValue(2, 'a number from 0 to 2'),
)

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const
export const reasoningField = v.picklist(EFFORTS, `one of ${EFFORTS.join(', ')}`)

export const maxOutputTokensField = v.pipe(
  v.number('a whole number from 1 to 1000000'),
  v.integer('a whole number from 1 to 1000000'),
  v.minValue(1, 'a whole number from 1 to 1000000'),
  v.maxValue(1_000_000, 'a whole number from 1 to 1000000'),
)

export const systemPromptField = textField(100_000)
