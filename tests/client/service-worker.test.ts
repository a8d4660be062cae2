import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import { brotliCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const MOST_WORKER_BYTES = 10_000
const MOST_KEPT_BYTES = 4_000_000

function readWorker(): string {
  if (!existsSync(join(DIST, 'sw.js'))) throw new Error('The client is not built: npm run build')
  return readFileSync(join(DIST, 'sw.js'), 'utf8')
}

/** The parts that the worker keeps, in the order in which it fetches them. */
function keptParts(): { readonly url: string; readonly revision: string | null }[] {
  return [...readWorker().matchAll(/\{"revision":(null|"[0-9a-f]{32}"),"url":"([^"]+)"\}/g)].map(
    ([, revision, url]) => ({
      url: url ?? '',
      revision: revision === 'null' ? null : (revision ?? null),
    }),
  )
}

test('is one classic script: it parses as one, and loads no other', () => {
  const code = readWorker()

  expect(() => new Script(code)).not.toThrow()
  expect(code).not.toMatch(/\bimportScripts\b|\bimport\(|^export\b/m)
  expect(brotliCompressSync(code).length).toBeLessThanOrEqual(MOST_WORKER_BYTES)
})

test('keeps the page and every hashed file, each under a name that changes with it, and no source map', () => {
  // The compressed copies are the server's: they have no address.
  const names = readdirSync(join(DIST, 'assets')).filter(name => !name.endsWith('.br'))
  const hashed = names.map(name => `assets/${name}`)

  const parts = keptParts()

  expect(parts.map(({ url }) => url).toSorted()).toEqual(
    [...hashed, 'icon.svg', 'icons/any-192.png', 'index.html'].toSorted(),
  )
  expect(parts.filter(({ url, revision }) => (revision === null) !== url.startsWith('assets/'))).toEqual([])
  expect(parts.filter(({ url }) => url.endsWith('.map'))).toEqual([])
})

test('fetches large parts after small ones, and not too much of them', () => {
  const sizes = keptParts().map(({ url }) => statSync(join(DIST, url)).size)

  expect(sizes).toEqual(sizes.toSorted((left, right) => left - right))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST_KEPT_BYTES)
})

test('no style carries a font in itself, which the security policy would refuse', () => {
  const styles = readdirSync(join(DIST, 'assets')).filter(name => name.endsWith('.css'))

  expect(styles.length).toBeGreaterThan(0)
  for (const name of styles)
    expect(readFileSync(join(DIST, 'assets', name), 'utf8'), name).not.toMatch(/url\(["']?data:/)
})

type Picture = { readonly src: string; readonly sizes: string }
type Manifest = {
  readonly id: string
  readonly short_name: string
  readonly icons: readonly Picture[]
  readonly screenshots: readonly Picture[]
  readonly shortcuts: readonly { readonly icons: readonly Picture[] }[]
}

test('whatever the manifest names is there', () => {
  const manifest: Manifest = JSON.parse(readFileSync(join(DIST, 'manifest.webmanifest'), 'utf8'))
  const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(({ icons }) => icons)]

  expect(manifest.id).toBe('/')
  expect(manifest.short_name.length).toBeLessThanOrEqual(12)
  for (const { src, sizes } of pictures) {
    const bytes = readFileSync(join(DIST, src))
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes)
  }
})
