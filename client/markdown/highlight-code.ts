import { common, createLowlight } from 'lowlight'

type CodeTone = 'key' | 'str' | 'num' | 'com'

/** A stretch of code in one tone; plain code is a bare text. */
export type CodeRun = string | { readonly tone: CodeTone; readonly text: string }

export type CodeToHighlight = { readonly language: string; readonly text: string }

type TreeNode = ReturnType<ReturnType<typeof createLowlight>['highlight']>['children'][number]

/** Four tones tell code apart on a terminal; more would be a colour chart. */
const TONES: Readonly<Record<string, CodeTone | null>> = {
  keyword: 'key',
  'selector-tag': 'key',
  name: 'key',
  section: 'key',
  string: 'str',
  regexp: 'str',
  char: 'str',
  link: 'str',
  addition: 'str',
  number: 'num',
  literal: 'num',
  symbol: 'num',
  bullet: 'num',
  deletion: 'num',
  comment: 'com',
  quote: 'com',
  // Code inside a string is code again.
  subst: null,
}

const lowlight = createLowlight(common)

/** The code in runs whose texts make up the whole of it again; null for a language that is not known here. */
export function highlightCode({ language, text }: CodeToHighlight): readonly CodeRun[] | null {
  const name = language.toLowerCase()
  if (!lowlight.registered(name)) return null
  const runs: CodeRun[] = []
  for (const child of lowlight.highlight(name, text).children) collectRuns(child, null, runs)
  return runs
}

function collectRuns(node: TreeNode, tone: CodeTone | null, runs: CodeRun[]): void {
  if (node.type === 'text') pushRun(runs, node.value, tone)
  if (node.type !== 'element') return
  const own = toneOf(node.properties['className'])
  for (const child of node.children) collectRuns(child, own === undefined ? tone : own, runs)
}

/** `['hljs-title', 'function_']` */
function toneOf(classes: unknown): CodeTone | null | undefined {
  const [first] = Array.isArray(classes) ? classes : []
  return typeof first === 'string' ? TONES[first.replace('hljs-', '')] : undefined
}

function pushRun(runs: CodeRun[], text: string, tone: CodeTone | null): void {
  const last = runs.at(-1)
  const lastTone = last === undefined ? undefined : typeof last === 'string' ? null : last.tone
  const joined = lastTone === tone ? `${typeof last === 'string' ? last : (last?.text ?? '')}${text}` : text
  if (lastTone === tone) runs.pop()
  runs.push(tone === null ? joined : { tone, text: joined })
}
