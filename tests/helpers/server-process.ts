import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type ServerProcess = {
  readonly url: string
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Asks it to stop, as Docker does. Returns its exit code. */
  stop(): Promise<number | null>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The real program in a process of its own, on a free port, without the client. */
export async function startServerProcess(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['server/start.mjs'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LLM_ROUTER_API_ONLY: '1',
      OLLAMA_BASE_URL: 'http://127.0.0.1:9',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return {
    url: await addressOf(child),
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = await once(child, 'exit')
      return code
    },
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The server has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /http:\/\/localhost:(\d+)/.exec(line)
    if (!found) continue
    // What follows is not read, and must not fill the pipe.
    child.stdout.resume()
    return `http://127.0.0.1:${found[1]}`
  }
  throw new Error('The server ended before it was up')
}
