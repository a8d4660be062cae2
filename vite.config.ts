import { defaultClientConditions, defineConfig } from 'vite'

const SERVER = 'http://127.0.0.1:8000'

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
  },
  worker: { format: 'es' },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': SERVER, '/health': SERVER },
  },
})
