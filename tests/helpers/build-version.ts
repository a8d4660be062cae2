import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the client as a later version of itself would be: `name` stands in the page, and every script has another address. */
export async function buildVersion(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-version-'))
  // The tests run under another name, which would make a build for development of it.
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  await build({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
    plugins: [
      {
        name: 'other-version',
        transformIndexHtml: page => page.replace('<body', `<body data-version="${name}"`),
        renderChunk: code => `${code}\nglobalThis.llmrVersion = '${name}';`,
      },
    ],
  })
  process.env['NODE_ENV'] = before
  return folder
}
