import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/errors.ts'
import { readConfig } from '../../server/config.ts'

type Environment = Readonly<Record<string, string>>

test('without any variable everything has its default', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8000,
    databasePath: './data/llm-router.db',
    allowedHosts: [],
    openai: { apiKey: null, baseUrl: null },
    anthropic: { apiKey: null, baseUrl: null },
    ollama: { baseUrl: 'http://127.0.0.1:11434', isNamed: false },
    compatible: [],
    idleTimeoutMs: 120_000,
    answersAtOnce: 4,
  })
})

test('each variable is read, without the space around it', () => {
  const config = readConfig({
    HOST: ' 0.0.0.0 ',
    PORT: '8080',
    DATABASE_PATH: '/data/chats.db',
    ALLOWED_HOSTS: ' Pi.local, 192.168.1.5,,fd00::7 ,private',
    OPENAI_API_KEY: ' sk-test\n',
    OPENAI_BASE_URL: 'https://proxy.example/v1/',
    ANTHROPIC_API_KEY: 'sk-ant-test',
    ANTHROPIC_BASE_URL: 'http://10.0.0.2:9000',
    OLLAMA_BASE_URL: 'http://gpu:11434//',
    PROVIDER_IDLE_TIMEOUT_SECONDS: '30',
    ANSWERS_AT_ONCE: '16',
  })

  expect(config).toMatchObject({
    host: '0.0.0.0',
    port: 8080,
    databasePath: '/data/chats.db',
    allowedHosts: ['pi.local', '192.168.1.5', 'fd00::7', 'private'],
    openai: { apiKey: 'sk-test', baseUrl: 'https://proxy.example/v1' },
    anthropic: { apiKey: 'sk-ant-test', baseUrl: 'http://10.0.0.2:9000' },
    ollama: { baseUrl: 'http://gpu:11434', isNamed: true },
    idleTimeoutMs: 30_000,
    answersAtOnce: 16,
  })
})

test('a variable that is there but empty counts as left out', () => {
  const names = [
    'HOST',
    'PORT',
    'DATABASE_PATH',
    'ALLOWED_HOSTS',
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'OLLAMA_BASE_URL',
  ]

  for (const value of ['', '  ']) {
    expect(readConfig(Object.fromEntries(names.map(name => [name, value])))).toEqual(readConfig({}))
  }
})

test('any number of compatible servers, by name, with or without a key', () => {
  const { compatible } = readConfig({
    COMPATIBLE_OPEN_ROUTER_BASE_URL: 'https://openrouter.ai/api/v1',
    COMPATIBLE_OPEN_ROUTER_API_KEY: 'or-key',
    COMPATIBLE_LLAMA2_BASE_URL: 'http://127.0.0.1:8081/v1',
    COMPATIBLE_UNUSED_BASE_URL: '',
  })

  expect(compatible).toEqual([
    { id: 'llama2', baseUrl: 'http://127.0.0.1:8081/v1', apiKey: null },
    { id: 'open-router', baseUrl: 'https://openrouter.ai/api/v1', apiKey: 'or-key' },
  ])
})

describe('HTTPS', () => {
  const off = { mode: 'off' }
  const authority = { mode: 'authority', port: 8443 }
  const files = { mode: 'files', port: 8443, certPath: '/c.pem', keyPath: '/k.pem' }
  const FILES = { TLS_CERT: '/c.pem', TLS_KEY: '/k.pem' }

  test.each<[string, Environment, unknown]>([
    ['is off where only this machine can come', {}, off],
    ['is off on any loopback address', { HOST: '127.0.0.2' }, off],
    ['is off on the name of it', { HOST: 'localhost', TLS: 'auto' }, off],
    ['is on where other devices can come', { HOST: '0.0.0.0' }, authority],
    ['is on for one address of the network', { HOST: '192.168.1.5', TLS_PORT: '443' }, { ...authority, port: 443 }],
    ['is off when that is said', { HOST: '0.0.0.0', TLS: 'off', ...FILES }, off],
    ['takes files that are named', { HOST: '0.0.0.0', ...FILES }, files],
    ['takes files on this machine too', { TLS: 'files', ...FILES }, files],
  ])('%s', (_, environment, expected) => {
    expect(readConfig(environment).tls).toEqual(expected)
  })
})

test('backups are made every day beside the database, seven are kept, and all of it can be changed', () => {
  expect(readConfig({ DATABASE_PATH: '/data/chats.db' }).backup).toEqual({
    everyHours: 24,
    keep: 7,
    folder: '/data/backups',
  })
  expect(readConfig({ BACKUP_EVERY_HOURS: '0', BACKUP_KEEP: '30', BACKUP_FOLDER: '/mnt/stick' }).backup).toEqual({
    everyHours: 0,
    keep: 30,
    folder: '/mnt/stick',
  })
})

describe('a value that cannot be read stops the start, by name and without the value', () => {
  test.each<[name: string, environment: Environment]>([
    ...['eighty', '-1', '65536', '8000.5', '1e3', '0x50', '8000 8001', '٨٠'].map((PORT): [string, Environment] => [
      'PORT',
      { PORT },
    ]),
    ...[
      'not an address',
      'host:8000',
      'ftp://host/v1',
      'javascript:alert(1)',
      '//host/v1',
      'https://',
      'https://user:secret@host/v1',
      'https://secret@host',
    ].flatMap((value): [string, Environment][] => [
      ['OPENAI_BASE_URL', { OPENAI_BASE_URL: value }],
      ['ANTHROPIC_BASE_URL', { ANTHROPIC_BASE_URL: value }],
      ['OLLAMA_BASE_URL', { OLLAMA_BASE_URL: value }],
      ['COMPATIBLE_X_BASE_URL', { COMPATIBLE_X_BASE_URL: value }],
    ]),
    ...['sk test', '“sk-test”', 'sk-tést', 'sk-\u0000', 'sk-1\nsk-2'].flatMap((value): [string, Environment][] => [
      ['OPENAI_API_KEY', { OPENAI_API_KEY: value }],
      ['ANTHROPIC_API_KEY', { ANTHROPIC_API_KEY: value }],
      ['COMPATIBLE_X_API_KEY', { COMPATIBLE_X_BASE_URL: 'http://host/v1', COMPATIBLE_X_API_KEY: value }],
    ]),
    ...[
      'http://pi.local',
      'pi.local:8000',
      '*',
      '*.local',
      'pi.local/',
      'pi local',
      '[fd00::7]',
      'pi.local.',
      'a@pi',
    ].map((ALLOWED_HOSTS): [string, Environment] => ['ALLOWED_HOSTS', { ALLOWED_HOSTS: `localhost,${ALLOWED_HOSTS}` }]),
    ['COMPATIBLE_OPENAI_BASE_URL', { COMPATIBLE_OPENAI_BASE_URL: 'http://host/v1' }],
    ['COMPATIBLE_MANUAL_BASE_URL', { COMPATIBLE_MANUAL_BASE_URL: 'http://host/v1' }],
    ['COMPATIBLE_my-server_BASE_URL', { 'COMPATIBLE_my-server_BASE_URL': 'http://host/v1' }],
    ['COMPATIBLE_2_BASE_URL', { COMPATIBLE_2_BASE_URL: 'http://host/v1' }],
    ['PROVIDER_IDLE_TIMEOUT_SECONDS', { PROVIDER_IDLE_TIMEOUT_SECONDS: '0' }],
    ['PROVIDER_IDLE_TIMEOUT_SECONDS', { PROVIDER_IDLE_TIMEOUT_SECONDS: '3601' }],
    ['ANSWERS_AT_ONCE', { ANSWERS_AT_ONCE: '0' }],
    ['TLS', { TLS: 'on' }],
    ['TLS_PORT', { HOST: '0.0.0.0', TLS_PORT: '8000' }],
    ['TLS_PORT', { TLS_PORT: 'https' }],
    ['TLS_CERT', { TLS: 'files' }],
    ['TLS_CERT', { TLS_KEY: '/secret.pem' }],
    ['TLS_KEY', { TLS_CERT: '/secret.pem' }],
    ['BACKUP_EVERY_HOURS', { BACKUP_EVERY_HOURS: 'daily' }],
    ['BACKUP_KEEP', { BACKUP_KEEP: '0' }],
  ])('%s: %j', (name, environment) => {
    const error = refusalOf(environment)

    expect(error).toMatchObject({ code: 'bad-request', field: name })
    expect(error.message).toMatch(/^\S+ cannot be read\. It should be .+[^.]\.$/)
    expect(error.message.startsWith(`${name} `)).toBe(true)
    expect(error.message).not.toMatch(/secret|sk-/)
  })
})

function refusalOf(environment: Environment): AppError {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('The configuration was read.')
}
