export type Section = {
  readonly title: string
  /** Markdown, with its own heading. */
  readonly text: string
}

const HEADING = /^(#{2,3}) +(.+)$/
const FENCE = /^(```|~~~)/

/** Cuts a manual at its second and third level headings. What stands before the first of them is left out. */
export function splitSections(manual: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = []
  let isInCode = false
  for (const line of manual.split(/\r?\n/)) {
    if (FENCE.test(line)) isInCode = !isInCode
    const title = isInCode ? undefined : HEADING.exec(line)?.[2]
    if (title !== undefined) sections.push({ title, lines: [] })
    sections.at(-1)?.lines.push(line)
  }
  return sections.map(({ title, lines }) => ({ title, text: lines.join('\n').trim() }))
}
