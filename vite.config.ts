import { readFileSync } from 'node:fs'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const SERVER = 'http://127.0.0.1:8000'
/** A part larger than this stops the build: whoever adds it decides then whether every device should keep it. */
const LARGEST_PART_BYTES = 8_000_000
/** What each page fetches right after its first paint. */
const AFTER_PAINT =
  /client\/(ui\/(command-kit|screens\/(late-parts|organise-list))|actions\/follow-answers|installed\/start-installed)\.ts$/

export default defineConfig({
  root: 'client',
  publicDir: 'public',
  // micromark's browser build decodes entities with a DOM element, which the worker it runs in does not have.
  resolve: { conditions: ['worker', ...defaultClientConditions] },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2024',
    // The page's policy allows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: false,
    rolldownOptions: {
      // The worker is built within the build of the page, which is then called slow.
      checks: { pluginTimings: false },
      // One file for each moment at which something is needed, also where later parts share some of it: each request of a phone
      // costs a way there and back, and several small files compress badly.
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', tags: ['$initial'], priority: 3 },
            { name: 'device', test: /client\/device\/open-device\.ts$/, priority: 2 },
            { name: 'soon', test: AFTER_PAINT, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  plugins: [
    gallery(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'service-worker',
      filename: 'sw.ts',
      // The manifest is a file of its own, and the page registers the worker itself: through its Trusted Types policy.
      manifest: false,
      injectRegister: false,
      registerType: 'prompt',
      integration: {
        configureCustomSWViteBuild(worker) {
          worker.logLevel = 'warn'
        },
      },
      injectManifest: {
        rollupFormat: 'iife',
        target: 'es2024',
        globPatterns: ['index.html', 'icon.svg', 'icons/any-192.png', 'assets/**/*'],
        globIgnores: ['**/*.map'],
        // A hashed name is its own revision.
        dontCacheBustURLsMatching: /^assets\//,
        maximumFileSizeToCacheInBytes: LARGEST_PART_BYTES,
        // They are fetched one after the other: the page itself and its small parts first, large vocabularies last.
        manifestTransforms: [
          entries => ({ manifest: entries.toSorted((left, right) => left.size - right.size), warnings: [] }),
        ],
      },
    }),
    compressed(),
  ],
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': SERVER, '/health': SERVER },
  },
})

/** Puts a compressed copy beside each file that gains by it, so that no request waits for one. */
function compressed(): Plugin {
  const compress = promisify(brotliCompress)
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        for await (const name of glob('**/*.{html,js,css,svg,md,webmanifest}', { cwd: folder })) {
          const bytes = await readFile(`${folder}/${name}`)
          const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
          await writeFile(`${folder}/${name}.br`, await compress(bytes, { params }))
        }
      },
    },
  }
}

/** In development alone: every part of the interface on one page, at `/gallery`. */
function gallery(): Plugin {
  const folder = fileURLToPath(new URL('tests/gallery', import.meta.url))
  return {
    name: 'gallery',
    apply: 'serve',
    configureServer({ middlewares, transformIndexHtml }) {
      middlewares.use('/gallery', (_, response, next) => {
        const html = readFileSync(`${folder}/index.html`, 'utf8').replace('./gallery.ts', `/@fs${folder}/gallery.ts`)
        transformIndexHtml('/gallery', html).then(page => {
          response.setHeader('content-type', 'text/html')
          response.end(page)
        }, next)
      })
    },
  }
}
