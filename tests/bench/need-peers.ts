import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Throws, with the command that helps, where the packages for comparisons are not installed. */
export function needPeers(): void {
  const peers = fileURLToPath(new URL('./node_modules', import.meta.url))
  if (!existsSync(peers)) throw new Error('The peers are not there: npm ci --prefix tests/bench')
}
