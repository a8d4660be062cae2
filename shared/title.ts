import { plainLine } from './plain-line.ts'

const MOST_CHARACTERS = 60
/** A pasted book does not have to be read for its title. */
const MOST_SCANNED = 2000

/** In UTF-16 units. */
export const MOST_TITLE_LENGTH = 300

/** The title of a conversation that has none yet. */
export const UNTITLED = 'untitled'

/** A conversation's title from its first prompt: the first line that says something, cut at a word. Made here, so that no model is asked in secret. */
export function titleFromPrompt(prompt: string): string {
  const line = plainLine(prompt.slice(0, MOST_SCANNED))
  const characters = [...line]
  if (characters.length === 0) return UNTITLED
  if (characters.length <= MOST_CHARACTERS) return line
  const cut = characters.slice(0, MOST_CHARACTERS).join('')
  const space = cut.lastIndexOf(' ')
  return `${(space > MOST_CHARACTERS / 2 ? cut.slice(0, space) : cut).trimEnd()}…`
}

const COPY_MARK = ' (copy)'

/** The title of a copy of a conversation. */
export function copiedTitle(title: string): string {
  // Half of a surrogate pair may be left where the title is cut.
  return title.slice(0, MOST_TITLE_LENGTH - COPY_MARK.length).replace(/[\uD800-\uDBFF]$/, '') + COPY_MARK
}
