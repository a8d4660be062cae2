import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'

/** Builds one page of `pages/`, with the peers that it sets the product beside, into `folder`. */
export async function buildBenchPage(page: string, folder: string): Promise<void> {
  const root = fileURLToPath(new URL('./pages', import.meta.url))
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { conditions: ['worker', ...defaultClientConditions] },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2024',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5_000,
      rolldownOptions: { input: join(root, page) },
    },
    worker: { format: 'es' },
  })
}
