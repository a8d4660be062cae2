import { spawn } from 'node:child_process'

/** Development: the server, started again on each change, and Vite on 5173, which hands `/api` on to it. */
const processes = [
  spawn(process.execPath, ['--watch', 'server/start.mjs'], {
    stdio: 'inherit',
    env: { ...process.env, LLM_ROUTER_API_ONLY: '1' },
  }),
  spawn('vite', { stdio: 'inherit' }),
]

for (const child of processes) {
  child.on('exit', code => {
    for (const other of processes) other.kill()
    process.exitCode = code ?? 0
  })
}
