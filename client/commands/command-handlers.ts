import type { CommandName } from '#shared/commands/command-list.ts'
import { CHAT_COMMANDS } from './chat-commands.ts'
import type { CommandHandler } from './command-handler.ts'
import { PAGE_COMMANDS } from './page-commands.ts'
import { SETTING_COMMANDS } from './setting-commands.ts'
import { TURN_COMMANDS } from './turn-commands.ts'

/** What each command of the grammar does. */
export const COMMAND_HANDLERS: Readonly<Record<CommandName, CommandHandler>> = {
  ...SETTING_COMMANDS,
  ...TURN_COMMANDS,
  ...CHAT_COMMANDS,
  ...PAGE_COMMANDS,
}
