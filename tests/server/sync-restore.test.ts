import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Boot, parseSyncPage, type SyncTrailer } from '#shared/wire/sync.ts'
import { runCommand } from '../../server/backup/commands.ts'
import { conversation } from '../helpers/sync-core.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

const DEVICE = '01a20000-0000-7000-8000-0000000000d1'
const NOW = Date.UTC(2026, 10, 23, 4, 5, 6, 7)

let folder: string
let server: TestServer | null
let lastId: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  server = null
  lastId = 0
})

afterEach(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const database = () => join(folder, 'llm-router.db')
const backup = () => join(folder, 'elsewhere.db')

async function start(): Promise<TestServer> {
  server = await startTestServer({ folder })
  return server
}

async function stop(): Promise<void> {
  await server?.stop()
  server = null
}

async function restart(): Promise<TestServer> {
  await stop()
  return start()
}

function running(): TestServer {
  if (!server) throw new Error('No server is running')
  return server
}

const say: string[] = []
function command(...words: string[]): Promise<void> {
  say.length = 0
  const ports = { clock: { now: () => NOW }, randomBytes, say: (line: string) => void say.push(line) }
  return runCommand(words, { databasePath: database(), folder, ...ports })
}

async function create(title: string): Promise<void> {
  expect((await running().request('/api/conversations', { body: { title } })).status).toBe(201)
}

async function titles(): Promise<string[]> {
  const list = await (await running().request('/api/conversations')).json()
  return list.map((chat: { title: string }) => chat.title).sort()
}

async function boot(): Promise<Boot> {
  return (await running().request('/api/sync/boot')).json()
}

/** What a device that stood at `known` is told. */
async function told(known: Pick<Boot, 'epoch' | 'head'>): Promise<unknown> {
  const body = {
    v: 1,
    schema: 1,
    device: DEVICE,
    epoch: known.epoch,
    cursor: known.head,
    ack_n: 0,
    muts: [],
    limit: 10,
  }
  const answer = await running().request('/api/sync', { body })
  if (answer.status === 200) return parseSyncPage(await answer.text())?.trailer satisfies SyncTrailer | undefined
  const { error, epoch, policy } = await answer.json()
  return { code: error.code, epoch, policy }
}

describe('a backup', () => {
  test('of a running server is one whole file with all that was committed', async () => {
    await start()
    await create('Kept')

    await command('backup', 'elsewhere.db')

    expect(say).toEqual([`The database is in ${backup()}, whole and checked.`])
    const copy = new BetterSqlite3(backup(), { readonly: true })
    expect(copy.prepare('SELECT title FROM conversations').pluck().all()).toEqual(['Kept'])
    expect(copy.pragma('journal_mode', { simple: true })).toBe('delete')
    copy.close()
    expect(readdirSync(folder).filter(name => name.startsWith('elsewhere'))).toEqual(['elsewhere.db'])
  })

  test('is whole however much is written meanwhile', async () => {
    await start()
    await Promise.all(Array.from({ length: 20 }, (_, index) => create(`Before ${index}`)))
    const writing = Promise.all(Array.from({ length: 50 }, (_, index) => create(`During ${index}`)))

    await command('backup', backup())
    await writing

    const copy = new BetterSqlite3(backup(), { readonly: true })
    expect(copy.prepare("SELECT COUNT(*) FROM conversations WHERE title LIKE 'Before%'").pluck().get()).toBe(20)
    expect(copy.prepare('SELECT MAX(last_rev) = (SELECT MAX(rev) FROM conversations) FROM history').pluck().get()).toBe(
      1,
    )
    copy.close()
  })

  test('never takes the place of another file', async () => {
    await start()
    writeFileSync(backup(), 'the only good one')

    await expect(command('backup', backup())).rejects.toMatchObject({ code: 'conflict' })

    expect(readFileSync(backup(), 'utf8')).toBe('the only good one')
  })

  test('of a database that is not there is refused', async () => {
    await expect(command('backup', backup())).rejects.toMatchObject({ code: 'not-found' })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a restore', () => {
  beforeEach(async () => {
    await start()
    await create('In the backup')
    await command('backup', backup())
    await create('Since then')
  })

  test.each([
    [
      'merge',
      [],
      'Devices bring back what is newer and still with them. To have it gone instead, restore with --replace.',
    ],
    ['replace', ['--replace'], 'Devices put what is newer aside, and take what is in the backup.'],
  ] as const)('begins an epoch of the policy %s, and keeps what was there', async (policy, words, sentence) => {
    const known = await boot()
    await stop()

    await command('restore', ...words, 'elsewhere.db')
    await start()

    const kept = `${database()}.before-2026-11-23T04-05-06-007Z`
    expect(say).toEqual([`${backup()} is in place. What was there before is kept as ${kept}.`, sentence])
    expect(await titles()).toEqual(['In the backup'])
    const now = await boot()
    expect(await told(known)).toEqual({ code: 'fork', epoch: now.epoch, policy })
    expect(now.epoch).not.toBe(known.epoch)
    expect(await told(now)).toMatchObject({ end: 'sync', epoch: now.epoch })
    const old = new BetterSqlite3(kept, { readonly: true })
    expect(old.prepare('SELECT COUNT(*) FROM conversations').pluck().get()).toBe(2)
    old.close()
  })

  test('begins no second epoch at the next start', async () => {
    await stop()
    await command('restore', '--replace', backup())
    await start()
    const { epoch } = await boot()
    await create('After it')

    await restart()

    expect((await boot()).epoch).toBe(epoch)
  })

  test('after another one is told from a copy put back by hand', async () => {
    await stop()
    await command('restore', backup())
    await start()
    await create('In the second epoch')
    const second = await boot()
    await stop()

    await command('restore', '--replace', backup())
    await start()

    expect(await told(second)).toMatchObject({ code: 'fork', policy: 'replace' })
  })

  test('of a killed server’s database keeps what was only in its log', async () => {
    for (const ending of ['', '-wal']) copyFileSync(`${database()}${ending}`, join(folder, `killed${ending}`))
    await stop()
    for (const ending of ['', '-wal']) copyFileSync(join(folder, `killed${ending}`), `${database()}${ending}`)

    await command('restore', backup())

    const [kept] = readdirSync(folder).filter(name => name.includes('.before-'))
    const old = new BetterSqlite3(join(folder, kept ?? ''), { readonly: true })
    expect(old.prepare('SELECT COUNT(*) FROM conversations').pluck().get()).toBe(2)
    old.close()
    expect(existsSync(`${database()}-wal`)).toBe(false)
    await start()
    expect(await titles()).toEqual(['In the backup'])
  })

  test('takes the place of a database that is damaged', async () => {
    await stop()
    writeFileSync(database(), 'no database at all')

    await command('restore', backup())
    await start()

    expect(await titles()).toEqual(['In the backup'])
  })

  test('works where nothing is yet', async () => {
    await stop()
    for (const name of readdirSync(folder)) if (name !== 'elsewhere.db') rmSync(join(folder, name))

    await command('restore', backup())
    await start()

    expect(say[0]).toBe(`${backup()} is in place.`)
    expect(await titles()).toEqual(['In the backup'])
  })

  test('while a server runs is refused', async () => {
    await expect(command('restore', backup())).rejects.toMatchObject({ code: 'conflict' })

    expect(await titles()).toEqual(['In the backup', 'Since then'])
  })

  test.each<[what: string, make: (path: string) => void]>([
    ['is not there', path => rmSync(path)],
    ['is no database', path => writeFileSync(path, 'no database at all, but long enough to look like one'.repeat(50))],
    [
      'is another program’s',
      path => {
        rmSync(path)
        const sqlite = new BetterSqlite3(path)
        sqlite.exec('CREATE TABLE notes (text TEXT)')
        sqlite.close()
      },
    ],
    [
      'is damaged',
      path => {
        const bytes = readFileSync(path)
        bytes.fill(0xff, 8192, 40_000)
        writeFileSync(path, bytes)
      },
    ],
    [
      'is of a newer program',
      path => {
        const sqlite = new BetterSqlite3(path)
        sqlite.pragma('user_version = 99')
        sqlite.close()
      },
    ],
  ])('from a file that %s changes nothing', async (_, make) => {
    await stop()
    make(backup())
    const before = readFileSync(database())

    await expect(command('restore', backup())).rejects.toThrow()

    expect(readFileSync(database()).equals(before)).toBe(true)
    expect(readdirSync(folder).filter(name => /restoring|before/.test(name))).toEqual([])
    await start()
    expect(await titles()).toEqual(['In the backup', 'Since then'])
  })
})

describe('a database that was put back by hand', () => {
  /** The file alone, as somebody would copy it while nothing runs. */
  async function copyAside(): Promise<void> {
    await stop()
    copyFileSync(database(), backup())
    await start()
  }

  async function putBack(): Promise<void> {
    await stop()
    copyFileSync(backup(), database())
    await start()
  }

  beforeEach(async () => {
    await start()
    await create('In the copy')
    await copyAside()
    await create('Since then')
  })

  test('is found out at the start, and devices are told to merge', async () => {
    const known = await boot()

    await putBack()

    const { epoch } = await boot()
    expect(epoch).not.toBe(known.epoch)
    expect(await told(known)).toEqual({ code: 'fork', epoch, policy: 'merge' })
    expect(server?.logLines.some(line => line.includes('database-was-put-back'))).toBe(true)
  })

  test('is found out once: the next start goes on in the new epoch', async () => {
    await putBack()
    const { epoch } = await boot()
    await create('After it')

    await restart()

    expect((await boot()).epoch).toBe(epoch)
  })

  test('is no news when nothing was written since', async () => {
    await restart()
    const { epoch } = await boot()
    await copyAside()

    await putBack()

    expect((await boot()).epoch).toBe(epoch)
  })

  test('is found out by a device when what was noted beside it is gone too', async () => {
    const known = await boot()
    await stop()
    rmSync(join(folder, 'highwater.json'))
    copyFileSync(backup(), database())
    await start()
    expect((await boot()).epoch).toBe(known.epoch)

    expect(await told(known)).toMatchObject({ code: 'fork', policy: 'merge' })

    expect((await boot()).epoch).not.toBe(known.epoch)
  })

  test('does not stop a start when what was noted beside it cannot be read', async () => {
    await stop()
    writeFileSync(join(folder, 'highwater.json'), '{"epoch":')

    await start()

    expect(await titles()).toEqual(['In the copy', 'Since then'])
    expect(server?.logLines.some(line => line.includes('highwater-unreadable'))).toBe(true)
  })
})

test('what is noted beside the database is what was committed, a second later at most', async () => {
  await start()
  const body = {
    v: 1,
    schema: 1,
    device: DEVICE,
    epoch: null,
    cursor: null,
    ack_n: 0,
    muts: [{ ...conversation(`01a20000-0000-7000-8000-00000000000${++lastId}`, 1), n: 1, mid: DEVICE, schema: 1 }],
    limit: 1,
  }
  await running().request('/api/sync', { body })
  const { epoch, head } = await boot()

  const noted = await new Promise(resolve => {
    const look = () => {
      const path = join(folder, 'highwater.json')
      if (existsSync(path)) resolve(JSON.parse(readFileSync(path, 'utf8')))
      else setTimeout(look, 50)
    }
    look()
  })

  expect(noted).toEqual({ epoch, rev: head[0], nonce: head[1] })
})

test.each([
  [['backup']],
  [['restore', '--replace']],
  [['backup', 'a', 'b']],
  [['backup', 'a', '--replace']],
  [['restore', '-x']],
  [['help', 'me']],
])('the words %j are answered with what would be right', async words => {
  await expect(command(...words)).rejects.toThrow('npm run restore -- FILE [--replace]')
  expect(readdirSync(folder)).toEqual([])
})
