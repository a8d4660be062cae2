import { createMarkdownCompiler } from '../../../client/markdown/markdown-compiler.ts'
import type { DocumentLimits } from '../../../client/markdown/markdown-document.ts'
import { createMarkdownView } from '../../../client/markdown/markdown-view.ts'
import { pageScheduler, requestFrame } from '../../../client/platform/scheduler.ts'
import { trustedScriptUrl } from '../../../client/platform/trusted-urls.ts'
import markdownWorkerUrl from '../../../client/workers/markdown-worker.ts?worker&url'
import '../../../client/styles/tokens.css'
import '../../../client/styles/base.css'
import '../../../client/styles/answer-text.css'
import '../../../client/styles/answer-blocks.css'
import { foreignParts } from './foreign-parts.ts'
import { writtenHtml } from './written-html.ts'

const WHOLE: DocumentLimits = { stableLength: Number.POSITIVE_INFINITY, sliceLength: Number.POSITIVE_INFINITY }
/** Freezes as early as it may, and takes each update in one step. */
const EAGER: DocumentLimits = { stableLength: 1, sliceLength: Number.POSITIVE_INFINITY }

const main = document.querySelector('main')
const workers = {
  spawn: () => new Worker(trustedScriptUrl(markdownWorkerUrl), { type: 'module' }),
  scheduler: pageScheduler,
}
const compiler = createMarkdownCompiler(workers)
/** A busy machine must not pass for a text that takes too long. */
const patientCompiler = createMarkdownCompiler({ ...workers, budgetMs: 30_000 })
const longTasks: number[] = []
const violations: string[] = []
let calls = 0

document.addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective))
const tasks = new PerformanceObserver(noteTasks)
tasks.observe({ type: 'longtask' })
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch']) {
  Reflect.set(window, name, () => {
    calls++
  })
}

function noteTasks(list: Pick<PerformanceObserverEntryList, 'getEntries'>): void {
  longTasks.push(...list.getEntries().map(({ duration }) => duration))
}

type Lens = {
  readonly root: HTMLElement
  /** Shows a text; resolves once all of it is in the page. */
  show(text: string, isDone: boolean): Promise<void>
  close(): void
}

type LensOptions = {
  readonly limits?: DocumentLimits
  /** Drawn once a frame and with the product's limit of time. */
  readonly isPaced?: boolean
}

/** An answer in this page. */
function openLens(options: LensOptions = {}): Lens {
  const life = new AbortController()
  const root = document.createElement('div')
  root.className = 'answer'
  main?.append(root)
  let onRender = (_: { readonly isSettled: boolean }): void => undefined
  const view = createMarkdownView(life.signal, {
    root,
    messageId: 'one',
    render: options.isPaced ? compiler : patientCompiler,
    requestFrame: options.isPaced ? requestFrame : work => work(),
    onCopy: () => undefined,
    onRender: state => onRender(state),
    ...(options.limits && { limits: options.limits }),
  })
  return {
    root,
    show: (text, isDone) =>
      new Promise(resolve => {
        onRender = ({ isSettled }) => {
          if (isSettled || !isDone) resolve()
        }
        view.update(text, isDone)
      }),
    close() {
      life.abort()
      root.remove()
    },
  }
}

async function write(text: string): Promise<string> {
  const lens = openLens()
  await lens.show(text, true)
  const html = writtenHtml(lens.root)
  lens.close()
  return html
}

/** Each text in turn: what in it could act or lead away. */
async function attack(texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const text of texts) {
    const lens = openLens()
    await lens.show(text, true)
    found.push(...foreignParts(lens.root).map(part => `${part} from ${JSON.stringify(text.slice(0, 200))}`))
    lens.close()
  }
  return found
}

/**
 * The longest task of the main thread while a text is shown, in milliseconds; 0 when none was over 50. On a machine that has
 * other things to do every task is longer: a fixed piece of work beside it tells by how much.
 */
async function longestTask(text: string): Promise<number> {
  const before = slowness()
  await frames(2)
  noteTasks({ getEntries: () => tasks.takeRecords() })
  longTasks.length = 0
  const lens = openLens({ isPaced: true })
  await lens.show(text, true)
  await frames(2)
  noteTasks({ getEntries: () => tasks.takeRecords() })
  lens.close()
  await frames(1)
  return Math.max(0, ...longTasks) / Math.max(slowness(), before)
}

let fastestMs = Number.POSITIVE_INFINITY

/** How many times longer a fixed piece of work takes now than it did at best. */
function slowness(): number {
  const startMs = performance.now()
  let sum = 0
  for (let step = 0; step < 8_000_000; step++) sum += Math.sqrt(step)
  const tookMs = performance.now() - startMs + (sum < 0 ? 1 : 0)
  fastestMs = Math.min(fastestMs, tookMs)
  return tookMs / fastestMs
}

/** Prefixes of a text after which the streamed page differs from the page that shows the same prefix at once. */
async function differingPrefixes(text: string, step: number): Promise<readonly string[]> {
  const stream = openLens({ limits: EAGER })
  const found: string[] = []
  for (let length = step; length < text.length + step; length += step) {
    const prefix = text.slice(0, length)
    const whole = openLens({ limits: WHOLE })
    await Promise.all([stream.show(prefix, false), whole.show(prefix, false)])
    // Not as text: an attribute that came late stands last.
    if (!stream.root.isEqualNode(whole.root)) found.push(prefix)
    whole.close()
  }
  stream.close()
  return found
}

/** Shows the text piece by piece, each drawn in a frame as the product does, and leaves it in the page; how many paragraphs stand there. */
async function stream(text: string, length: number): Promise<number> {
  const lens = openLens({ isPaced: true })
  for (let end = length; end < text.length + length; end += length) await lens.show(text.slice(0, end), false)
  return lens.root.querySelectorAll('p').length
}

async function frames(count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise(resolve => requestAnimationFrame(resolve))
}

/** What the test calls from outside. */
Reflect.set(window, 'markdownLab', {
  write,
  attack,
  longestTask,
  differingPrefixes,
  stream,
  /** Stays in the page. */
  keep: (text: string) => openLens().show(text, true),
  calls: () => calls,
  violations: () => violations,
})
