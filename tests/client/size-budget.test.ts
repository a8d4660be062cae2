import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const MOST_CODE_BYTES = 40_000
const MOST_FONT_BYTES = 20_000

function readPage(): string {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('The client is not built: npm run build')
  return readFileSync(join(DIST, 'index.html'), 'utf8')
}

function linkedFiles(page: string, pattern: RegExp): string[] {
  return [...page.matchAll(pattern)].map(match => match[1] ?? '')
}

function brotliSize(file: string): number {
  return brotliCompressSync(readFileSync(join(DIST, file))).length
}

test('what the first chat screen loads fits the budget', () => {
  const page = readPage()

  const code = linkedFiles(page, /(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)
  const fonts = linkedFiles(page, /<link[^>]+rel="preload"[^>]+href="(\/assets\/[^"]+\.woff2)"/g)

  expect(code.length).toBeGreaterThanOrEqual(2)
  expect(fonts).toHaveLength(2)
  expect(code.reduce((sum, file) => sum + brotliSize(file), 0)).toBeLessThanOrEqual(MOST_CODE_BYTES)
  expect(fonts.reduce((sum, file) => sum + readFileSync(join(DIST, file)).length, 0)).toBeLessThanOrEqual(
    MOST_FONT_BYTES,
  )
})

test('the page holds no script and no style of its own, which its security policy would refuse', () => {
  const page = readPage()

  expect(page).not.toMatch(/<style|style="/)
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/)
  expect(page).not.toMatch(/\son[a-z]+="/)
})
