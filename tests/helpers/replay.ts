import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Recording } from '../providers/recordings.ts'

type ReplayCall = {
  readonly name: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
  /** How the answer ended: `sent` in full, or the `client` closed the line before. */
  readonly ended: Promise<'sent' | 'client'>
}

export type Replay = {
  readonly url: string
  readonly calls: readonly ReplayCall[]
  close(): Promise<void>
}

/**
 * How a recording is sent, written behind its name: `fixture:openai-chat/text-gpt-4o;chunk=7;delay=5`.
 * chunk=N in pieces of N bytes (else one for each event) · delay=MS between pieces · of the body only a fraction F, then
 * stall=F silence, end=F a clean end, cut=F a broken line, midfail=F an error event · fail=CODE an error instead, and with
 * times=N only for the first N calls. F is rounded up to a whole event unless chunk=N is given.
 */
type Mode = Readonly<Record<string, string>>

/** Serves recorded provider traffic on loopback as the provider itself would; see `Mode` for what can go wrong on demand. */
export async function startReplay(recordings: readonly Recording[]): Promise<Replay> {
  const byName = new Map(recordings.map(recording => [recording.name, recording]))
  const calls: ReplayCall[] = []
  const failures = new Map<string, number>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await request.toArray()).toString()
    const body = text === '' ? null : JSON.parse(text)
    const path = request.url ?? '/'
    // A list is asked for without a body, so its recording stands in the path: /fixture/openai-chat/models/v1/models
    const [, inPath = ''] = /^\/fixture\/([^/]+\/[^/]+)\//.exec(decodeURIComponent(path)) ?? []
    const wanted: string = inPath === '' ? String(body?.model).replace(/^fixture:/, '') : inPath
    const [name = '', ...pairs] = wanted.split(';')
    const mode: Mode = Object.fromEntries(pairs.map(pair => pair.split('=')))
    const ended = once(response, 'close').then((): 'sent' | 'client' => (response.writableFinished ? 'sent' : 'client'))
    calls.push({ name, path, headers: request.headers, body, ended })
    const recording = byName.get(name)
    if (recording === undefined)
      return sendJson(response, 404, { error: { message: `no recording ${name}`, type: 'replay' } })
    const tries = (failures.get(wanted) ?? 0) + 1
    failures.set(wanted, tries)
    if (mode.fail && tries <= Number(mode.times ?? Infinity)) {
      return sendJson(response, Number(mode.fail), errorBody(recording, Number(mode.fail)))
    }
    await send(recording, mode, response)
  }

  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function send(recording: Recording, mode: Mode, response: ServerResponse): Promise<void> {
  const body = readFileSync(recording.path)
  response.writeHead(recording.status, { 'content-type': recording.contentType, ...recording.headers })
  response.flushHeaders()
  const stop = ['stall', 'end', 'cut', 'midfail'].find(name => mode[name] !== undefined)
  const part = stop === undefined ? body : body.subarray(0, limitOf(body, recording, Number(mode[stop]), mode.chunk))
  for (const piece of piecesOf(part, recording, mode.chunk)) {
    if (response.destroyed) return
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')])
    await (mode.delay ? setTimeout(Number(mode.delay)) : setImmediate())
  }
  if (stop === 'stall') return
  if (stop === 'cut') {
    // What was written has to leave first, or the client would see nothing of it.
    await setTimeout(20)
    response.destroy()
    return
  }
  if (stop === 'midfail') response.write(midStreamError(recording))
  response.end()
}

function limitOf(body: Buffer, recording: Recording, fraction: number, chunk: string | undefined): number {
  const exact = Math.floor(body.length * fraction)
  return chunk === undefined ? (eventEnds(body, recording).find(end => end >= exact) ?? body.length) : exact
}

function piecesOf(body: Buffer, recording: Recording, chunk: string | undefined): Buffer[] {
  const size = Number(chunk)
  const ends =
    chunk === undefined
      ? eventEnds(body, recording)
      : Array.from({ length: Math.ceil(body.length / size) }, (_, index) => (index + 1) * size)
  return ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end))
}

function eventEnds(body: Buffer, { kind }: Recording): number[] {
  const mark = kind === 'sse' ? /\r?\n\r?\n/g : /\n/g
  const ends = [...body.toString('latin1').matchAll(mark)].map(match => match.index + match[0].length)
  return ends.at(-1) === body.length ? ends : [...ends, body.length]
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

/** An error body as the provider documents it. */
function errorBody({ category }: Recording, status: number): unknown {
  const message = `injected ${status}`
  if (category === 'ollama') return { error: message }
  if (category === 'anthropic')
    return { type: 'error', error: { type: ANTHROPIC_TYPES[status] ?? 'api_error', message } }
  const type = status >= 500 ? 'server_error' : 'invalid_request_error'
  return { error: { message, type, param: null, code: status === 429 ? 'rate_limit_exceeded' : null } }
}

/** An error inside a stream as the provider documents it. */
function midStreamError({ category, endpoint }: Recording): string {
  const message = 'injected failure'
  if (category === 'ollama') return `${JSON.stringify({ error: message })}\n`
  if (category === 'anthropic') {
    return `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message } })}\n\n`
  }
  if (endpoint.includes('/responses')) {
    return `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'server_error', code: 'server_error', message } })}\n\n`
  }
  return `data: ${JSON.stringify({ error: { message, type: 'server_error', code: 500 } })}\n\n`
}
