import { cloneChat } from '../actions/clone-chat.ts'
import { copyToClipboard } from '../actions/copy-to-clipboard.ts'
import { editPrompt } from '../actions/edit-prompt.ts'
import { retryAnswer } from '../actions/retry-answer.ts'
import { stopRun } from '../actions/stop-run.ts'
import type { Turn } from '../stores/message-tree.ts'
import type { CommandHandler } from './command-handler.ts'
import type { CommandHost } from './command-host.ts'
import { withModel } from './setting-commands.ts'

/** What is done with one turn of a chat: the one with the focus, else the last. */
export const TURN_COMMANDS = {
  retry: host => withTurn(host, turn => void retryAnswer(host.app, turn)),
  'retry-with': (host, value) => {
    const turn = host.turn()
    return turn === null ? null : withModel(host, value, model => void retryAnswer(host.app, turn, model))
  },
  edit: host =>
    withTurn(host, turn => {
      editPrompt(host.app, turn)
      host.focusComposer()
    }),
  copy: host =>
    withTurn(host, ({ answer }) => {
      if (answer !== null) void copyToClipboard(host.app, answer.content)
    }),
  code: host => {
    const code = host.lastCode()
    if (code === null) return 'There is no code in this chat.'
    void copyToClipboard(host.app, code)
    return null
  },
  branch: host =>
    withTurn(host, ({ question, answer }) => {
      void cloneChat(host.app, { upTo: (answer ?? question).id })
    }),
  stop: ({ app }) => {
    const run = app.chat.run.peek()
    if (run !== null) void stopRun(app, run)
    return null
  },
} as const satisfies Record<string, CommandHandler>

function withTurn(host: CommandHost, act: (turn: Turn) => void): null {
  const turn = host.turn()
  if (turn !== null) act(turn)
  return null
}
