import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../../shared/fixtures/security')
const PATHOLOGICAL = join(FOLDER, 'markdown/cmark-gfm/pathological.json')
const FLOOD_LENGTH = 50_000

/** Attacks written for this project, for whoever has no collection of them at hand. */
const OWN = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">a</a>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<style>@import "https://evil.example/x.css";</style>',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><input name=q autofocus></form>',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java\tscript:alert(1))',
  '[a](&#106;avascript:alert(1))',
  '[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[a](vbscript:msgbox(1))',
  '[a](//evil.example/x)',
  '[a](https:evil.example/x)',
  '[a](http://a.example\\@evil.example/)',
  '<javascript:alert(1)>',
  '![a](https://evil.example/p.png)',
  '![a][b]\n\n[b]: https://evil.example/p.png',
  '![a](javascript:alert(1))',
  '[![a](https://evil.example/p.png)](https://evil.example/)',
  '[a]: javascript:alert(1)\n\n[a]',
  'x[^1]\n\n[^1]: <img src=x onerror=alert(1)>',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '```js onload=alert(1) title="</script><script>alert(1)</script>"\ncode\n```',
  '|<script>alert(1)</script>|\n|-|\n|<img src=x onerror=alert(1)>|',
  '# <img src=x onerror=alert(1)>',
  '`</code><script>alert(1)</script>`',
  '[a](https://evil.example "\\" onmouseover=\\"alert(1)")',
  '\u202Etxt.exe [a](https://evil.example)',
  '<!--><img src=x onerror=alert(1)>-->',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
]

/** Places of a document that a text can stand in. */
export const EMBEDDINGS: readonly ((text: string) => string)[] = [
  text => text,
  text => `before ${text} after`,
  text => `> ${text}`,
  text => `- ${text}`,
  text => `[${text}](https://a.example)`,
  text => `[a](${text})`,
  text => `![${text}](${text})`,
  text => `|${text}|b|\n|-|-|\n|c|${text}|`,
  text => `\`\`\`${text}\n${text}\n\`\`\`\n\n[^1]\n\n[^1]: ${text}`,
]

/** Lines that want to run, load or lead away: the collection of `../shared/fixtures` where it is there, and our own. */
export function hostileLines(): readonly string[] {
  const texts = ['markdown', 'xss', 'strings'].flatMap(name => filesIn(join(FOLDER, name))).flatMap(textsOf)
  return [...new Set([...OWN, ...texts.flatMap(text => text.split('\n'))])].filter(line => line.trim() !== '')
}

/** Documents of some 50,000 characters that want to be slow: repetitions of what a parser has to look back at. */
export function slowTexts(): Readonly<Record<string, string>> {
  const known = existsSync(PATHOLOGICAL) ? pathological(JSON.parse(readFileSync(PATHOLOGICAL, 'utf8'))) : {}
  const files = filesIn(join(FOLDER, 'markdown/markdown-it-bench'))
  return {
    stars: '*'.repeat(FLOOD_LENGTH),
    'open emphasis': '*a **b '.repeat(FLOOD_LENGTH / 7),
    'open links': '[a](<b'.repeat(FLOOD_LENGTH / 6),
    quotes: '>'.repeat(FLOOD_LENGTH),
    'nested lists': '- '.repeat(FLOOD_LENGTH / 2),
    'one long line': 'a '.repeat(FLOOD_LENGTH / 2),
    'one long word': 'a'.repeat(FLOOD_LENGTH),
    'a wide table': `|${'a|'.repeat(100)}\n|${'-|'.repeat(100)}\n${'|\n'.repeat(3000)}`,
    'a long fence': `\`\`\`js\n${'const a = "b" // c\n'.repeat(FLOOD_LENGTH / 20)}\`\`\``,
    'many short blocks': 'a\n\n'.repeat(FLOOD_LENGTH / 3),
    'many references': `${'[a] '.repeat(FLOOD_LENGTH / 4)}\n\n[a]: https://a.example`,
    'many footnotes': Array.from({ length: 150 }, (_, index) => `x[^${index}]\n\n[^${index}]: y`).join('\n\n'),
    ...known,
    ...Object.fromEntries(files.map(file => [file.slice(FOLDER.length), readFileSync(file, 'utf8')])),
  }
}

function pathological(file: { readonly cases: Readonly<Record<string, readonly (readonly [string, number])[]>> }) {
  const cases = Object.entries(file.cases).map(([name, parts]) => [
    name,
    parts.map(([text, count]) => text.repeat(Math.ceil(count * scaleOf(parts)))).join(''),
  ])
  return Object.fromEntries(cases)
}

/** The collection's own way to make a case shorter: each repetition by the same factor. */
function scaleOf(parts: readonly (readonly [string, number])[]): number {
  const length = parts.reduce((sum, [text, count]) => sum + text.length * count, 0)
  return Math.min(1, FLOOD_LENGTH / length)
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

function textsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return file.endsWith('.json') && file !== PATHOLOGICAL ? stringsIn(JSON.parse(text)) : [text]
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
