import { Agent, createServer, request } from 'node:http'

/* The least a proxy in Node can do: bytes in, the same bytes out. Nothing is read, kept or counted. */

const upstream = new URL(process.env['UPSTREAM_URL'] ?? '')
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

createServer((incoming, response) => {
  if (incoming.url === '/health') return void response.end('ok')
  const { method, url: path, headers } = incoming
  const outgoing = request({ agent, host: upstream.hostname, port: upstream.port, method, path, headers }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  incoming.pipe(outgoing)
}).listen(Number(process.env['PORT']), '127.0.0.1')
