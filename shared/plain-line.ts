/** The first line of a Markdown text that says something, without its marks: for titles and previews. Empty if there is none. */
export function plainLine(markdown: string): string {
  for (const line of markdown.split('\n')) {
    const text = withoutMarks(line)
    if (text !== '') return text
  }
  return ''
}

function withoutMarks(line: string): string {
  return line
    .replace(/^[\s>#*+-]+/, '')
    .replace(/^```\w*/, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`|]/g, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}
