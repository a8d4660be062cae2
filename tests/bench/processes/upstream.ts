import { createServer, type ServerResponse } from 'node:http'

/*
 * A provider that speaks Chat Completions at the pace the model's name says: `paced-<tokens>-<milliseconds between two>`, or
 * `flood-<tokens>`. Each piece is one HTTP chunk, as real providers send them, and holds the time it was written:
 * `~<microseconds of the system's monotonic clock> `, which every process of this machine shares.
 */

const HEAD =
  '{"id":"chatcmpl-Bq7Yw2kTnD4sVx9LmE0rHaZc","object":"chat.completion.chunk","created":1763856000,"model":"bench"'
const FINISH = `data: ${HEAD},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}\n\n`
/** So many pieces of a flood share one time stamp and one turn of the event loop. */
const BURST = 64

const server = createServer((request, response) => {
  if (request.url === '/health') return void response.end('ok')
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    if (request.url !== '/v1/chat/completions') return void response.writeHead(404).end()
    const { model }: { model: string } = JSON.parse(Buffer.concat(parts).toString())
    answer(model, response)
  })
})
// Between two rounds nobody asks; a connection that closes just then would fail the next call.
server.keepAliveTimeout = 300_000
server.listen(Number(process.env['PORT']), '127.0.0.1')

function answer(model: string, response: ServerResponse): void {
  const [kind, tokens, gapMs] = model.split('-')
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'bench' })
  if (kind === 'flood') flood(response, Number(tokens))
  else pace(response, Number(tokens), Number(gapMs))
}

function pace(response: ServerResponse, tokens: number, gapMs: number): void {
  let sent = 0
  const timer = setInterval(next, gapMs)
  response.on('close', () => clearInterval(timer))
  next()

  function next(): void {
    response.write(piece())
    sent += 1
    if (sent < tokens) return
    clearInterval(timer)
    finish(response, tokens)
  }
}

function flood(response: ServerResponse, tokens: number): void {
  let sent = 0
  next()

  function next(): void {
    const text = piece()
    let isTaken = true
    for (let count = 0; count < BURST && sent < tokens; count++, sent++) isTaken = response.write(text)
    if (sent >= tokens) finish(response, tokens)
    else if (isTaken) setImmediate(next)
    else response.once('drain', next)
  }
}

function piece(): string {
  const nowUs = process.hrtime.bigint() / 1000n
  return `data: ${HEAD},"choices":[{"index":0,"delta":{"content":"~${nowUs} "},"logprobs":null,"finish_reason":null}]}\n\n`
}

function finish(response: ServerResponse, tokens: number): void {
  const usage = `"usage":{"prompt_tokens":9,"completion_tokens":${tokens},"total_tokens":${tokens + 9}}`
  response.end(`${FINISH}data: ${HEAD},"choices":[],${usage}}\n\ndata: [DONE]\n\n`)
}
