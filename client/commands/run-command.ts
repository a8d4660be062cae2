import type { CommandNeed, Value } from '#shared/commands/command.ts'
import { type CommandName, findCommand, type KnownCommand } from '#shared/commands/command-list.ts'
import { parseCommand } from '#shared/commands/parse-command.ts'
import { KEPT_NOWHERE } from '../actions/keep-temporary.ts'
import { submitComposer } from '../actions/submit-composer.ts'
import { TEMPORARY_CHAT } from '../platform/chat-of-path.ts'
import { COMMAND_HANDLERS } from './command-handlers.ts'
import type { CommandHost } from './command-host.ts'

const NOTE_ID = 'command'

/** Does a command by its name, as a key asks for it. */
export function runNamed(host: CommandHost, name: string, value: Value = null): boolean {
  const command = findCommand(name)
  return command !== null && runCommand(host, command, value)
}

/** Does the line of a command, with its slash. False when it could not be: a note says why. */
export function runLine(host: CommandHost, line: string): boolean {
  const parsed = parseCommand(line)
  switch (parsed.kind) {
    case 'command':
      return runCommand(host, parsed.command, parsed.value)
    case 'prompt':
      void submitComposer(host.app, parsed.text)
      return true
    case 'problem': {
      const meant = parsed.nearest === null || parsed.mayBePrompt ? '' : ` Perhaps ${parsed.nearest}.`
      const action = {
        label: 'send as text',
        run() {
          host.app.notes.hide(NOTE_ID)
          // What stands there by now: it may have been written on since.
          void submitComposer(host.app, host.app.composer.text.peek())
        },
      }
      const text = `${parsed.message}${meant}`
      host.app.notes.show({
        id: NOTE_ID,
        tag: parsed.field,
        tone: 'warn',
        text,
        action: parsed.mayBePrompt ? action : null,
      })
      return false
    }
    default:
      return parsed satisfies never
  }
}

/** Does the line in the message box. It leaves the box only when it could be done. */
export function submitLine(host: CommandHost): void {
  const line = host.app.composer.text.peek()
  const parsed = parseCommand(line)
  if (parsed.kind !== 'command') {
    runLine(host, line)
    return
  }
  // A command may itself write into the box, so that is emptied before.
  host.app.composer.write('')
  if (!runCommand(host, parsed.command, parsed.value)) host.app.composer.write(line)
}

function runCommand(host: CommandHost, command: KnownCommand, value: Value): boolean {
  const refusal =
    missing(host, command.needs) ?? refusedHere(host, command.name) ?? COMMAND_HANDLERS[command.name](host, value)
  if (refusal === null) {
    host.app.notes.hide(NOTE_ID)
    return true
  }
  host.app.notes.show({ id: NOTE_ID, tag: `/${command.name}`, tone: 'warn', text: refusal, action: null })
  return false
}

/** What would write a chat down somewhere. */
const WRITES_DOWN: readonly CommandName[] = ['pin', 'archive', 'tag', 'export']

function refusedHere(host: CommandHost, name: CommandName): string | null {
  return WRITES_DOWN.includes(name) && host.conversation()?.id === TEMPORARY_CHAT ? KEPT_NOWHERE : null
}

/** Why a command means nothing now; null where it does. */
function missing(host: CommandHost, need: CommandNeed): string | null {
  switch (need) {
    case 'nothing':
      return null
    case 'chat':
      return host.conversation() === null ? 'There is no chat yet: it begins with the first prompt.' : null
    case 'turn':
      return host.turn() === null ? 'Nothing has been asked here yet.' : null
    case 'run':
      return host.app.chat.run.peek() === null ? 'No answer is being written.' : null
    default:
      return need satisfies never
  }
}
