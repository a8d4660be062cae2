import { connect } from 'node:net'

export type RawAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/**
 * Sends bytes that no HTTP client would let out, and reads the answer until the server closes the line; ask for that with
 * `Connection: close`. Of an event stream, which need not end, only the head and what came with it. A line that breaks after the answer is no failure: the server need not read a body it refuses.
 */
export async function rawRequest(url: string, ...pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const received: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    socket.on('data', bytes => {
      received.push(bytes)
      if (isEventStream(received)) socket.destroy()
    })
    socket.on('close', () => resolve())
    socket.on('error', error => (received.length > 0 ? resolve() : reject(error)))
    for (const piece of pieces) socket.write(piece)
  })
  return parseAnswer(Buffer.concat(received).toString('latin1'))
}

function isEventStream(received: readonly Buffer[]): boolean {
  const [head = ''] = Buffer.concat(received).toString('latin1').split('\r\n\r\n', 1)
  return /^content-type: text\/event-stream/im.test(head)
}

/** An HTTP/1.1 request that ends with its own answer; headers as they are given, in their order. */
export function rawHead(line: string, headers: readonly (readonly [string, string])[]): string {
  return `${[line, ...headers.map(([name, value]) => `${name}: ${value}`), 'Connection: close'].join('\r\n')}\r\n\r\n`
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Map(
    lines.map(
      line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
    ),
  )
  const body = text.slice(end + 4)
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: headers.get('transfer-encoding') === 'chunked' ? joinChunks(body) : body,
  }
}

function joinChunks(body: string): string {
  let joined = ''
  for (let rest = body; rest !== ''; ) {
    const lineEnd = rest.indexOf('\r\n')
    const length = Number.parseInt(rest.slice(0, lineEnd), 16)
    if (!(length > 0)) break
    joined += rest.slice(lineEnd + 2, lineEnd + 2 + length)
    rest = rest.slice(lineEnd + 4 + length)
  }
  return joined
}
