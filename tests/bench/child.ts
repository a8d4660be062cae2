import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server in a process of its own. */
export type Child = {
  readonly url: string
  /** From the spawn to the first 200 of `/health`. */
  readonly startMs: number
  /** Processor time of all its threads so far; NaN where the system does not tell. */
  cpuSeconds(): number
  residentMegabytes(): number
  stop(): Promise<void>
}

type ChildOptions = {
  /** What Node is given: options, then the script. */
  readonly parameters: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const LONGEST_START_MS = 15_000
/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick (man 5 proc). */
const TICKS_PER_SECOND = 100

/** Starts a server, tells it its PORT, and waits until `/health` answers. It gets no other environment than the one given. */
export async function startChild({ parameters, environment }: ChildOptions): Promise<Child> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const startedAt = performance.now()
  const child = spawn(process.execPath, parameters, {
    env: { PATH: process.env['PATH'] ?? '', ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // However this process ends, it leaves none of its own behind.
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  while (!(await isHealthy(url))) {
    if (child.exitCode !== null) throw new Error(`${parameters.join(' ')} ended with ${child.exitCode}`)
    if (performance.now() - startedAt > LONGEST_START_MS) throw new Error(`${parameters.join(' ')} does not answer`)
    await sleep(2)
  }
  const startMs = performance.now() - startedAt
  return {
    url,
    startMs,
    cpuSeconds: () => cpuSeconds(child.pid),
    residentMegabytes: () => residentMegabytes(child.pid),
    stop: () => stop(child),
  }
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port')
  return address.port
}

function isHealthy(url: string): Promise<boolean> {
  return new Promise(resolve => {
    const request = get(`${url}/health`, { agent: false }, response => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    // Nothing listens yet.
    request.on('error', () => resolve(false))
  })
}

function cpuSeconds(pid: number | undefined): number {
  const path = `/proc/${pid}/stat`
  if (!existsSync(path)) return Number.NaN
  // 4711 (node) S 1 4711 … 812 94 …
  //           ^ the name may hold spaces; behind it the 12th and 13th fields are user and system time
  const stat = readFileSync(path, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function residentMegabytes(pid: number | undefined): number {
  const path = `/proc/${pid}/status`
  if (!existsSync(path)) return Number.NaN
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(path, 'latin1'))?.[1]) / 1024
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
