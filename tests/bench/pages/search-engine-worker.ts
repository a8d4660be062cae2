import { wordsOf } from '../../../shared/search-text.ts'
import { createTextMaker } from '../made-up-text.ts'
import { percentile } from '../statistics.ts'
import { openProduct } from './product-engine.ts'
import type { BenchDoc, BenchQuery, EngineName, Measured, SearchEngine, Task } from './search-engine.ts'

const QUERIES_OF_A_KIND = 20
const ROUNDS = 3
const DOCS_AT_ONCE = 500
const MESSAGES_EACH = 20
const ADDED_ALONE = 50

async function open(engine: EngineName): Promise<SearchEngine> {
  if (engine === 'product') return openProduct()
  // biome-ignore lint/correctness/useImportExtensions: its types stand in a .d.mts beside it
  const { openPeer } = await import('../peers/open-peer.mjs')
  return openPeer(engine, wordsOf)
}

/** The texts of `writeDataSet`, newest last. */
function* docsOf(conversations: number, seed: number): Generator<BenchDoc[]> {
  const text = createTextMaker(seed + 1)
  let docs: BenchDoc[] = []
  for (let id = 1; id <= conversations * MESSAGES_EACH; id++) {
    const place = (id - 1) % 10
    docs.push({ id, at: id, text: place === 9 ? text.han(120) : text.sentence(place % 2 === 0 ? 15 : 60) })
    if (docs.length < DOCS_AT_ONCE) continue
    yield docs
    docs = []
  }
  if (docs.length > 0) yield docs
}

function queriesOf(seed: number): BenchQuery[] {
  const text = createTextMaker(seed + 2)
  const plain = { isPrefix: false, isPhrase: false }
  return Array.from({ length: QUERIES_OF_A_KIND }, (_, index) => [
    { kind: 'common word', words: [text.word(index)], ...plain },
    { kind: 'rare word', words: [text.word(500 + 400 * index)], ...plain },
    { kind: 'two words', words: [text.word(index), text.word(100 + index)], ...plain },
    { kind: 'phrase', words: [text.word(index), text.word(index + 1)], isPrefix: false, isPhrase: true },
    { kind: 'beginning', words: [text.word(1000 + 10 * index).slice(0, 3)], isPrefix: true, isPhrase: false },
    { kind: 'unspaced script', words: [...text.han(2)], isPrefix: false, isPhrase: true },
    { kind: 'inside words', words: [text.word(1000 + 10 * index).slice(1, 5)], ...plain },
  ]).flat()
}

function measureQueries(engine: SearchEngine, seed: number): Measured['kinds'] {
  const queries = queriesOf(seed)
  const measured: Record<string, { p50Ms: number; p95Ms: number; found: number }> = {}
  for (const kind of engine.kinds) {
    const times: number[] = []
    let found = 0
    for (let round = 0; round < ROUNDS; round++) {
      for (const query of queries.filter(each => each.kind === kind)) {
        const startedAt = performance.now()
        found += engine.find(query)
        times.push(performance.now() - startedAt)
      }
    }
    measured[kind] = { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95), found: found / ROUNDS }
  }
  return measured
}

async function build({ engine: name, conversations, seed }: Extract<Task, { do: 'build' }>): Promise<Measured> {
  const engine = await open(name)
  let buildMs = 0
  const time = async <Result>(work: Promise<Result>): Promise<Result> => {
    const startedAt = performance.now()
    const result = await work
    buildMs += performance.now() - startedAt
    return result
  }
  for (const docs of docsOf(conversations, seed)) await time(timed(() => engine.add(docs)))
  const bytes = await time(timed(() => engine.finish()))
  const kinds = measureQueries(engine, seed)
  const startedAt = performance.now()
  for (let added = 0; added < ADDED_ALONE; added++) {
    const id = conversations * MESSAGES_EACH + 1 + added
    await engine.add([{ id, at: id, text: `just written number ${added}` }])
  }
  return { buildMs, bytes, addMs: (performance.now() - startedAt) / ADDED_ALONE, firstMs: Number.NaN, kinds }
}

/** Begins the work only when the clock runs. */
async function timed<Result>(work: () => Promise<Result>): Promise<Result> {
  await null
  return work()
}

async function reopen({ engine: name, seed }: Extract<Task, { do: 'reopen' }>): Promise<Measured> {
  const startedAt = performance.now()
  const engine = await open(name)
  await engine.reopen()
  const [first] = queriesOf(seed)
  if (first !== undefined) engine.find(first)
  return { buildMs: 0, bytes: 0, addMs: 0, firstMs: performance.now() - startedAt, kinds: {} }
}

self.addEventListener('message', ({ data }: MessageEvent<Task>) => {
  const work = data.do === 'build' ? build(data) : reopen(data)
  work.then(
    measured => self.postMessage({ measured }),
    (error: unknown) => self.postMessage({ failure: String(error) }),
  )
})
