import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COMMANDS } from '#shared/commands/command-list.ts'
import { KEY_MAP, showKeys } from '#shared/commands/key-map.ts'

const MANUAL = readFileSync(new URL('../../client/public/manual.md', import.meta.url), 'utf8')

/** The cells of the rows of all tables whose first cell begins with a code. */
const rows = [...MANUAL.matchAll(/^\| `([^`]+)` *\| (.*) \|$/gm)].map(([, code = '', rest = '']) => ({
  code,
  says: rest.split('|').map(cell => cell.trim()),
}))

test('the manual knows every command, and none that is not there', () => {
  const told = rows.map(({ code }) => /^\/([a-z][a-z-]*)( |$)/.exec(code)?.[1]).filter(name => name !== undefined)

  expect(told.sort()).toEqual(COMMANDS.map(({ name }): string => name).sort())
})

test('the manual names the argument of each command that has one', () => {
  for (const { name, argument } of COMMANDS) {
    const code = rows.map(row => row.code).find(written => written.split(' ')[0] === `/${name}`)

    expect(code).toBe(argument.kind === 'none' ? `/${name}` : `/${name} ${argument.name.split(',')[0]}`)
  }
})

test('the manual knows every key as the keyboard has it', () => {
  const told = new Set(rows.map(({ code, says }) => `${code}: ${says.join(', ')}`))
  const missing = KEY_MAP.flatMap(({ title, rows: keys }) =>
    keys.map(row => `${showKeys(row, false)}: ${row.label}, ${title}`),
  ).filter(line => !told.has(line))

  expect(missing).toEqual([])
})
