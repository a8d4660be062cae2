import type { Expected } from './recordings.ts'

/** What a usage object of OpenAI's says was used in all: the total also holds reasoning that the parts leave out (xAI, Gemini). */
export function openaiTotal({ usage }: Expected): number | null {
  if (!usage) return null
  const input = Number(usage.prompt_tokens ?? usage.input_tokens)
  const output = Number(usage.completion_tokens ?? usage.output_tokens)
  return Math.max(Number(usage.total_tokens), input + output)
}
