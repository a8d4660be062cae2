import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MOST_LINES = 250

type Import = { readonly line: number; readonly to: string; readonly isType: boolean }
type Source = { readonly path: string; readonly lines: readonly string[]; readonly imports: readonly Import[] }

const sources: readonly Source[] = ['client', 'server', 'shared'].flatMap(folder =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|mjs)$/.test(name))
    .map(name => readSource(`${folder}/${name.replaceAll('\\', '/')}`))
    .sort((left, right) => (left.path < right.path ? -1 : 1)),
)

/** The file with its comments blanked, so that a sentence about `fetch` breaks no rule, and what it imports as paths from the root. */
function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, comment =>
    comment.replace(/[^\n]/g, ' '),
  )
  const lines = text.split('\n').map(line => line.replace(/(^|\s)\/\/.*$/, ''))
  const code = lines.join('\n')
  const found = code.matchAll(
    /^[ \t]*(?:import|export)\b(\s+type\b)?[^'"`;]*?from\s*'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm,
  )
  const imports = Array.from(found, ({ index, 0: whole, 1: type, 2: from, 3: bare, 4: dynamic }) => ({
    line: code.slice(0, index + whole.length).split('\n').length,
    to: resolve(path, from ?? bare ?? dynamic ?? ''),
    isType: type !== undefined,
  }))
  return { path, lines, imports }
}

function resolve(from: string, specifier: string): string {
  const bare = specifier.replace(/\?.*$/, '')
  if (bare.startsWith('#shared/')) return bare.slice(1)
  return bare.startsWith('.') ? posix.normalize(posix.join(dirname(from), bare)) : bare
}

const isOurs = (to: string) => /^(client|server|shared)\//.test(to)
const isNode = (to: string) => to.startsWith('node:') || builtinModules.includes(to)

/** Every import that breaks a rule, as `file:line → imported`. */
function forbiddenImports(
  inFiles: RegExp,
  isForbidden: (to: string, entry: Import, from: string) => boolean,
): string[] {
  return sources
    .filter(({ path }) => inFiles.test(path))
    .flatMap(({ path, imports }) =>
      imports.filter(entry => isForbidden(entry.to, entry, path)).map(({ line, to }) => `${path}:${line} → ${to}`),
    )
}

/** Every line that matches outside the files where that is allowed, as `file:line  the line`. */
function linesWith(pattern: RegExp, inFiles: RegExp, allowed: readonly string[] = []): string[] {
  return sources
    .filter(({ path }) => inFiles.test(path) && !allowed.includes(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}  ${line.trim()}`] : [])),
    )
}

/** An exception that is needed no more would hide the next mistake. */
function needless(allowed: readonly string[], pattern: RegExp): string[] {
  return allowed.filter(
    path => !sources.some(source => source.path === path && source.lines.some(line => pattern.test(line))),
  )
}

describe('the ways between the folders', () => {
  test('the check sees the imports at all', () => {
    expect(sources.length).toBeGreaterThan(200)
    expect(sources.flatMap(({ imports }) => imports).filter(({ to }) => isOurs(to)).length).toBeGreaterThan(500)
    const paths = new Set(sources.map(({ path }) => path))
    const lost = forbiddenImports(/./, to => isOurs(to) && to.endsWith('.ts') && !paths.has(to))
    expect(lost).toEqual([])
  })

  test('the client imports nothing of the server, nor of Node', () => {
    expect(forbiddenImports(/^client\//, to => to.startsWith('server/') || isNode(to))).toEqual([])
  })

  test('the server imports nothing of the client', () => {
    expect(forbiddenImports(/^server\//, to => to.startsWith('client/'))).toEqual([])
  })

  test('what is shared imports only what is shared, valibot, the encoder of tokens, and what archives are made with', () => {
    const LIBRARIES = ['valibot', 'js-tiktoken/lite']
    const isAllowed = (to: string, from: string) =>
      to.startsWith('shared/') || LIBRARIES.includes(to) || (to === 'fflate' && from.startsWith('shared/transfer/'))

    expect(forbiddenImports(/^shared\//, (to, _, from) => !isAllowed(to, from))).toEqual([])
  })

  test('what is shared is imported as #shared, and our files with their ending', () => {
    const reached = linesWith(/from '\.\.?\/[^']*shared\//, /^(client|server)\//)
    const endless = linesWith(/from '(\.\.?\/|#shared\/)[^']*(?<!\.(ts|json|css|md|mjs)(\?\w+(&\w+)*)?)'/, /./)

    expect([...reached, ...endless]).toEqual([])
  })

  test('no file imports itself by a detour', () => {
    const edges = new Map(
      sources.map(({ path, imports }) => [path, imports.filter(({ isType }) => !isType).map(({ to }) => to)]),
    )

    expect(findCycles(edges)).toEqual([])
  })
})

describe('the rooms of the server', () => {
  test('a route speaks to a service, never to a store or to SQL', () => {
    const isStore = (to: string) =>
      /-store\.ts$/.test(to) || /^server\/database\/(query|writer|migrations)\.ts$/.test(to)

    expect(forbiddenImports(/-routes\.ts$/, (to, { isType }) => isStore(to) && !isType)).toEqual([])
  })

  test('nothing but the application and the edge itself knows HTTP', () => {
    const edge = /-routes\.ts$|^server\/(http\/|app\.ts|server\.ts|main\.ts|tls\/)/
    const inside = forbiddenImports(/^server\//, (to, { isType }, from) => {
      const isHttp = to === 'hono' || to.startsWith('hono/') || to.startsWith('@hono/') || to.startsWith('server/http/')
      return isHttp && !isType && !edge.test(from)
    })

    expect(inside).toEqual([])
  })

  test('a provider knows no run, no route and no database', () => {
    expect(
      forbiddenImports(/^server\/providers\//, to =>
        /^server\/(runs|conversations|database|http|sync|search)\//.test(to),
      ),
    ).toEqual([])
  })

  test('only the writer begins transactions', () => {
    const BEGINS =
      /\.transaction\(|\b(BEGIN|SAVEPOINT)\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION)\b|\bexec\('(BEGIN|SAVEPOINT)/
    // Migrations run before there is a writer; the lock is a transaction of another file that never ends.
    const ALLOWED = [
      'server/database/writer.ts',
      'server/database/open-database.ts',
      'server/database/lock-database.ts',
    ]

    expect(linesWith(BEGINS, /^server\//, ALLOWED)).toEqual([])
    expect(needless(ALLOWED, BEGINS)).toEqual([])
  })

  test('SQL stands in stores, in the database folder and in sums alone', () => {
    const SQL =
      /'(SELECT|INSERT INTO|UPDATE|DELETE FROM) |`\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) |\bsql\s*\.(selectFrom|insertInto|updateTable|deleteFrom)/
    const ROOMS = /-store\.ts$|^server\/database\/|^server\/usage\/usage-summary\.ts$|^server\/sync\/apply-fields\.ts$/
    // Health reads the file by itself.
    const ALLOWED = ['server/app.ts']

    const elsewhere = linesWith(SQL, /^server\//, ALLOWED)
    expect(elsewhere.filter(line => !ROOMS.test(line.split(':')[0] ?? ''))).toEqual([])
    expect(needless(ALLOWED, SQL)).toEqual([])
  })

  test('helpers of Hono that break HTTP/2 or open the origin are not used', () => {
    const FORBIDDEN = [
      'hono/streaming',
      'hono/cors',
      'hono/csrf',
      'hono/method-override',
      'hono/proxy',
      '@hono/node-server/serve-static',
    ]

    expect(forbiddenImports(/^server\//, to => FORBIDDEN.includes(to))).toEqual([])
  })
})

describe('the rooms of the client', () => {
  test('a component knows no store, no action and no call: data comes in, callbacks go out', () => {
    // A type of what it shows is data, and the outcome of a call knows the words for itself.
    const isBehindTheScreen = (to: string) =>
      to !== 'client/api/outcome.ts' && /^client\/(stores|actions|api|runs|sync|database)\//.test(to)

    expect(
      forbiddenImports(/^client\/ui\/(components|dom)\//, (to, { isType }) => isBehindTheScreen(to) && !isType),
    ).toEqual([])
  })

  test('stores, calls and the platform know no screen', () => {
    expect(
      forbiddenImports(
        /^client\/(stores|actions|commands|tokens|api|platform|runs|sync|signals|database|markdown)\//,
        to => to.startsWith('client/ui/'),
      ),
    ).toEqual([])
  })

  test('the platform knows nothing above it', () => {
    expect(
      forbiddenImports(/^client\/platform\//, to => to.startsWith('client/') && !to.startsWith('client/platform/')),
    ).toEqual([])
  })

  test('the service worker knows neither a screen nor a store, nor the database of the chats', () => {
    expect(
      forbiddenImports(/^client\/(service-worker|installed\/(worker|shared|unread)-[\w-]+\.ts)/, to =>
        /^client\/(ui|actions|stores|database|device|sync|sync-host|signals)\//.test(to),
      ),
    ).toEqual([])
  })

  test('HTML is never written as a string', () => {
    const HTML =
      /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|setHTML|parseHTMLUnsafe|DOMParser|srcdoc)\b|\bdocument\.write/

    expect(linesWith(HTML, /^client\//)).toEqual([])
  })
})

describe('time, chance and the network come in at the edges', () => {
  const edges: readonly (readonly [what: string, pattern: RegExp, allowed: readonly string[]])[] = [
    [
      'time',
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\.(now|timeOrigin)\b/,
      ['client/platform/clock.ts', 'client/platform/random.ts', 'server/main.ts'],
    ],
    [
      'chance',
      /\bMath\.random\b|\bcrypto\.(getRandomValues|randomUUID)\b|\brandomUUID\(|from 'node:crypto'.*random/,
      ['client/platform/random.ts', 'client/create-app.ts'],
    ],
    [
      'delays',
      /\bset(Timeout|Interval|Immediate)\(/,
      [
        'client/platform/scheduler.ts',
        'client/platform/pause.ts',
        // A tick or a pause of the screen itself, which ends with the page.
        'client/ui/components/answer-meta.ts',
        'server/main.ts',
        'server/system-scheduler.ts',
        'server/http/event-stream.ts',
        // Each keeps a process or a line from staying open for nothing, and says so with `unref` or a signal.
        'server/providers/model-list.ts',
        'server/providers/manual/manual-provider.ts',
        'server/providers/openai/read-stream.ts',
        'server/providers/tokens/token-counter.ts',
      ],
    ],
    [
      'the network',
      /(?<![.\w])fetch\(|\bnew (XMLHttpRequest|EventSource|WebSocket)\b|\bsendBeacon\(/,
      [
        'client/create-app.ts',
        'client/service-worker/shell.ts',
        'client/workers/sync-worker.ts',
        'server/providers/ollama/ollama-client.ts',
        'server/health-check.ts',
      ],
    ],
    ['the environment', /\bprocess\.env\b/, ['server/main.ts', 'server/dev.ts', 'server/health-check.ts']],
  ]

  test.each(edges)('%s', (_, pattern, allowed) => {
    expect(linesWith(pattern, /./, allowed)).toEqual([])
    expect(needless(allowed, pattern)).toEqual([])
  })
})

describe('every file', () => {
  test(`has at most ${MOST_LINES} lines`, () => {
    expect(
      sources
        .filter(({ lines }) => lines.length - 1 > MOST_LINES)
        .map(({ path, lines }) => `${path}: ${lines.length - 1}`),
    ).toEqual([])
  })

  test('exports by name', () => {
    expect(linesWith(/^\s*export\s+default\b|\bas default\b/, /./)).toEqual([])
  })

  test('is named in kebab-case', () => {
    const oddly = sources
      .map(({ path }) => path)
      .filter(path => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.(d\.)?(ts|mjs)$/.test(path))

    expect(oddly).toEqual([])
  })

  test('throws the errors of the product, or a plain one for what cannot happen', () => {
    // The client's Markdown marks its impossible states with RangeError, and Trusted Types ask for a TypeError.
    expect(linesWith(/\bthrow\s+new\s+(?!AppError\b|Error\b)/, /^(server|shared)\//)).toEqual([])
    expect(linesWith(/\bthrow\s+['"`{[]/, /./)).toEqual([])
  })

  test('swallows no failure', () => {
    const SWALLOW = /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/
    // Closing a line that is broken already.
    const ALLOWED = ['client/runs/read-events.ts']

    expect(linesWith(SWALLOW, /./, ALLOWED)).toEqual([])
    expect(needless(ALLOWED, SWALLOW)).toEqual([])
  })
})

/** Circles of imports, each once, as `a → b → a`. */
function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '))
    if (start >= 0 || done.has(path)) return
    for (const next of edges.get(path) ?? []) if (edges.has(next)) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return cycles
}
