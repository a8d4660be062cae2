/** More than any title or preview shows; the patterns below take quadratic time on a line of brackets. */
const MOST_READ = 1000

/** The first line of a Markdown text that says something, without its marks: for titles and previews. Empty if there is none. */
export function plainLine(markdown: string): string {
  for (const line of markdown.split('\n')) {
    const text = withoutMarks(line.slice(0, MOST_READ))
    if (/[^\u200C\u200D]/.test(text)) return text
  }
  return ''
}

function withoutMarks(line: string): string {
  return (
    line
      // `> - point` loses its marks, `-5 degrees` keeps its sign.
      .replace(/^[\s>#*+-]*(?:>|[\s>#*+-](?=\s|$))\s*/, '')
      .replace(/^```\w*/, '')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[*`|]/g, '')
      .replace(/\s+/g, ' ')
      // What cannot be seen goes, except the joiners that emoji and some scripts are written with.
      .replace(/(?![\u200C\u200D])[\p{Cc}\p{Cf}]/gu, '')
      .trim()
  )
}
