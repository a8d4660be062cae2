import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'

const HERE = { root: new URL('.', import.meta.url), pages: ['index.html', 'markdown-lab.html'] }

/** The pages of this folder, or of another, as the product itself is built, in a folder of its own until `remove`. */
export async function buildPages({ root, pages } = HERE): Promise<{ readonly folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-pages-'))
  await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(root),
    resolve: { conditions: ['worker', ...defaultClientConditions] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2024',
      assetsInlineLimit: 0,
      minify: false,
      rolldownOptions: { input: pages.map(page => fileURLToPath(new URL(page, root))) },
    },
    worker: { format: 'es' },
  })
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}
