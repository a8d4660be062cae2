import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { Hono } from 'hono'
import { isAppPath } from '#shared/app-paths.ts'
import { AppError } from '#shared/errors.ts'
import { errorResponse } from './errors.ts'
import { takesBrotli } from './takes-brotli.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}
const COMPRESSED = new Set(['.png', '.woff2'])
/** What the build has put beside a file for those who take it compressed. */
const BROTLI = '.br'

type StaticFile = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  readonly isHashed: boolean
  /** From the build; else made at the first request that can take it. */
  brotli: Promise<Uint8Array<ArrayBuffer>> | null
}

const compress = promisify(brotliCompress)

/**
 * Serves the built client from a list of its files made at the start, so that no path of a request ever reaches the disk:
 * there is nothing to traverse. Paths of the app itself (`/`, `/c/<id>`, …) get `index.html`.
 */
export function staticFiles(folder: string): Hono {
  const files = readFiles(folder)
  return new Hono().get('*', async context => {
    const { path } = context.req
    const file = files.get(path) ?? (isAppPath(path) ? files.get('/index.html') : undefined)
    if (!file) return errorResponse(context, new AppError('not-found', 'There is no such page.'))
    context.header('ETag', file.etag)
    context.header('Cache-Control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    context.header('Vary', 'Accept-Encoding')
    if (isHeld(file, context.req.header('if-none-match'))) return context.body(null, 304)
    context.header('Content-Type', file.type)
    if (!takesBrotli(context) || COMPRESSED.has(extname(path))) return context.body(file.bytes)
    file.brotli ??= brotli(file.bytes)
    context.header('Content-Encoding', 'br')
    return context.body(await file.brotli)
  })
}

function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>()
  const paths = new Set(listFiles(folder))
  for (const file of paths) {
    if (file.endsWith(BROTLI)) continue
    const path = `/${relative(folder, file).split(sep).join('/')}`
    const bytes = readFileSync(file)
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    const isHashed = path.startsWith('/assets/')
    const version = isHashed ? basename(path) : createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
    const packed = `${file}${BROTLI}`
    const brotli = paths.has(packed) ? Promise.resolve(readFileSync(packed)) : null
    // Weak, for the same tag stands for the compressed bytes.
    files.set(path, { bytes, type, etag: `W/"${version}"`, isHashed, brotli })
  }
  return files
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => join(entry.parentPath, entry.name))
}

/** Where the built client has its first style sheets, for a page that is not part of it. */
export function styleSheetsOf(folder: string): readonly string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  return Array.from(page.matchAll(/<link rel="stylesheet"[^>]*href="([^"]+)"/g), ([, href = '']) => href)
}

/** What a proxy made of the tag still counts: it may have dropped the `W/`, and may name several. */
function isHeld(file: StaticFile, ifNoneMatch: string | undefined): boolean {
  const bare = file.etag.replace('W/', '')
  return ifNoneMatch?.split(',').some(tag => tag.trim().replace('W/', '') === bare) ?? false
}

async function brotli(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}
