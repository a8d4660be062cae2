import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#shared/errors.ts'

const SOURCES = ['client', 'shared', 'vite.config.ts', 'package-lock.json']

/** Builds the client into `dist/` when it is missing or older than its sources; an image without sources is taken as it is. */
export async function buildClientIfNeeded(root: string, say: (line: string) => void): Promise<void> {
  const built = join(root, 'dist', 'index.html')
  if (!existsSync(join(root, 'vite.config.ts'))) return
  if (existsSync(built) && statSync(built).mtimeMs > newestChange(root)) return
  say('Building the client, once …')
  // In a process of its own: the builder takes half a gigabyte, and the server would hold it for good.
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const builder = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
  const [code] = await once(builder, 'exit')
  if (code !== 0) throw new AppError('internal', 'The client could not be built. Why not stands above.')
}

function newestChange(root: string): number {
  let newest = 0
  for (const source of SOURCES) {
    const path = join(root, source)
    newest = Math.max(newest, statSync(path).mtimeMs)
    if (!statSync(path).isDirectory()) continue
    for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
    }
  }
  return newest
}
