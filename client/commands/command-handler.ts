import type { Value } from '#shared/commands/command.ts'
import type { CommandHost } from './command-host.ts'

/** Does a command. A sentence says why it could not be begun; the line then stays in the box. */
export type CommandHandler = (host: CommandHost, value: Value) => string | null
