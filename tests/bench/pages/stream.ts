import '../../../client/styles/tokens.css'
import '../../../client/styles/base.css'
import '../../../client/styles/answer.css'
import '../../../client/styles/answer-text.css'
import '../../../client/styles/answer-blocks.css'
import { createMarkdownCompiler } from '../../../client/markdown/markdown-compiler.ts'
import { createMarkdownView } from '../../../client/markdown/markdown-view.ts'
import { pageScheduler, requestFrame } from '../../../client/platform/scheduler.ts'
import { createGrowingText } from '../../../client/runs/growing-text.ts'
import markdownWorkerUrl from '../../../client/workers/markdown-worker.ts?worker&url'

export type Way = 'ours' | 'marked' | 'streamdown'

/** An answer on the screen, in one way of showing it. */
type Shown = { show(text: string): Promise<void>; close(): void }

const compiler = createMarkdownCompiler({
  spawn: () => new Worker(markdownWorkerUrl, { type: 'module' }),
  scheduler: pageScheduler,
  // A machine at work on a peer must not make ours give up.
  budgetMs: 30_000,
})
/** Nothing more comes when nothing has come for so many frames. */
const STILL_FRAMES = 20
let shown: Shown | null = null
let text = ''

function openOurs(root: HTMLElement): Shown {
  const life = new AbortController()
  // As it comes from a run.
  let written = createGrowingText('')
  let isRendered = (): void => undefined
  const view = createMarkdownView(life.signal, {
    root,
    messageId: 'one',
    render: compiler,
    requestFrame,
    onCopy: () => undefined,
    onRender: () => isRendered(),
  })
  return {
    show: text =>
      new Promise(resolve => {
        isRendered = resolve
        written = written.plus(text.slice(written.length))
        view.update(written, false)
      }),
    close() {
      life.abort()
      root.remove()
    },
  }
}

/** The whole answer is handed over before anything is measured: what brings it into the page is the bench's own. */
function load(answer: string): void {
  text = answer
}

/** Shows the first `length` characters in one way. */
async function open(way: Way, length: number): Promise<void> {
  const root = document.createElement('div')
  root.className = 'answer'
  document.querySelector('main')?.append(root)
  if (way === 'ours') shown = openOurs(root)
  else {
    // biome-ignore lint/correctness/useImportExtensions: its types stand in a .d.mts beside it
    const { openPeer } = await import('../peers/markdown.mjs')
    shown = openPeer(way, root)
  }
  await shown.show(text.slice(0, length))
  // A long text comes in slices, and only what follows it is measured.
  for (let drawn = -1, still = 0; still < STILL_FRAMES; still++) {
    const now = root.textContent.length
    if (now !== drawn) still = 0
    drawn = now
    // The reader was at the end before too: the way there is no part of what a piece costs.
    window.scrollTo(0, document.body.scrollHeight)
    await frames(1)
  }
}

type Pieces = { readonly from: number; readonly count: number; readonly length: number }

/** Shows `count` pieces of `length` characters behind the first `from`, a frame each, and keeps the end in view. */
async function stream({ from, count, length }: Pieces): Promise<void> {
  for (let piece = 1; piece <= count; piece++) {
    await shown?.show(text.slice(0, from + piece * length))
    window.scrollTo(0, document.body.scrollHeight)
  }
  await frames(2)
}

async function frames(count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise(resolve => requestAnimationFrame(resolve))
}

const lab = { load, open, stream, close: () => shown?.close() }
declare global {
  /** What the bench calls from outside. */
  var streamLab: typeof lab
}
globalThis.streamLab = lab
