import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { type RequestOptions, request } from 'node:https'
import { dirname, join } from 'node:path'
import { readConfig } from './config.ts'
import { hostInUrl } from './hosts/bare-host.ts'

const LONGEST_MS = 8000

/** Whether the server of this environment is well, as an exit code: both its ports answer, and the certificate is one that devices trust. */
async function checkHealth(): Promise<void> {
  const { host, port, tls, databasePath } = readConfig(process.env)
  const here = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const plain = await fetch(`http://${hostInUrl(here)}:${port}/health`, { signal: AbortSignal.timeout(LONGEST_MS) })
  if (!plain.ok) throw new Error(`The server is not well: ${plain.status}`)
  if (tls.mode === 'off') return
  const authority = join(dirname(databasePath), 'tls', 'authority.pem')
  const isOurs = tls.mode === 'authority' && existsSync(authority)
  // Own files may be for a name that leads elsewhere from here: then it only has to answer.
  const trust = isOurs ? { ca: new X509Certificate(readFileSync(authority)).toString() } : { rejectUnauthorized: false }
  await answers({ host: here, port: tls.port, path: '/ping', timeout: LONGEST_MS, ...trust })
}

function answers(options: RequestOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const asking = request(options, answer => {
    answer.resume()
    if (answer.statusCode === 204) resolve()
    else reject(new Error(`HTTPS answers with ${answer.statusCode}`))
  })
  asking.on('error', reject)
  asking.on('timeout', () => asking.destroy(new Error('HTTPS is silent')))
  asking.end()
  return promise
}

try {
  await checkHealth()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
