import { expect, test } from 'vitest'
import { COMMANDS } from '#shared/commands/command-list.ts'
import { COMMAND_HANDLERS } from '../../../client/commands/command-handlers.ts'

test('every command of the grammar is done by something, and nothing is done that is no command', () => {
  expect(Object.keys(COMMAND_HANDLERS).sort()).toEqual(COMMANDS.map(({ name }): string => name).sort())
})
