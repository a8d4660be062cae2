import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from './servers.ts'

export type Answer = {
  /** From the request to the first piece of text. */
  readonly firstTokenMs: number
  /** Of each piece, from the upstream's write to our read. */
  readonly delaysMs: readonly number[]
}

export type Prompts = {
  /** The upstream's: how many tokens, and how fast. */
  readonly model: string
  readonly prompt?: string
  readonly count: number
  readonly atOnce: number
  /** How long after one another the first ones start; all together when left out. */
  readonly startGapMs?: number
}

/** Runs `count` prompts, `atOnce` of them at a time, over connections that live as long as this call. */
export async function askMany(target: Target, prompts: Prompts): Promise<Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: prompts.atOnce })
  const body = Buffer.from(target.body(prompts.model, prompts.prompt ?? 'Tell me the time.'))
  const answers: Answer[] = []
  let begun = 0
  const work = async (place: number) => {
    if (prompts.startGapMs) await sleep(place * prompts.startGapMs)
    while (begun < prompts.count) {
      begun += 1
      answers.push(await ask(target, agent, body))
    }
  }
  await Promise.all(Array.from({ length: prompts.atOnce }, (_, place) => work(place)))
  agent.destroy()
  return answers
}

/** Asks once and reads the answer to its end; throws when it is refused or comes without text. */
async function ask(target: Target, agent: Agent, body: Buffer): Promise<Answer> {
  const startedAt = performance.now()
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const outgoing = request(target.child.url + target.path, { agent, method: 'POST', headers })
  const answered = once(outgoing, 'response')
  outgoing.end(body)
  const [response]: IncomingMessage[] = await answered
  if (response?.statusCode !== 200) throw new Error(`${target.path} answered ${response?.statusCode}`)
  const { firstAt, delaysMs } = await readPieces(response)
  return { firstTokenMs: firstAt - startedAt, delaysMs }
}

async function readPieces(response: IncomingMessage): Promise<{ firstAt: number; delaysMs: number[] }> {
  const delaysMs: number[] = []
  let firstAt = Number.NaN
  let cut = ''
  let isOver = false
  response.setEncoding('latin1')
  response.on('data', (bytes: string) => {
    const nowUs = Number(process.hrtime.bigint() / 1000n)
    const text = cut + bytes
    // The last event of the product says the whole answer again.
    const end = isOver ? 0 : text.indexOf('event: done')
    isOver ||= end >= 0
    const readable = end >= 0 ? text.slice(0, end) : text
    const read = readStamps(readable, stamp => delaysMs.push((nowUs - stamp) / 1000))
    cut = readable.slice(read)
    if (Number.isNaN(firstAt) && delaysMs.length > 0) firstAt = performance.now()
  })
  await once(response, 'end')
  if (delaysMs.length === 0) throw new Error('An answer without text')
  return { firstAt, delaysMs }
}

/** Tells of each `~<microseconds> ` in the text; returns where to go on when more of it has come. */
function readStamps(text: string, tell: (stampUs: number) => void): number {
  let read = 0
  for (let start = text.indexOf('~'); start >= 0; start = text.indexOf('~', read)) {
    const end = text.indexOf(' ', start)
    if (end < 0) return start
    tell(Number(text.slice(start + 1, end)))
    read = end + 1
  }
  return Math.max(read, text.length - 'event: done'.length)
}
