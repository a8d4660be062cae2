import { computed, type ReadonlySignal } from '@preact/signals-core'
import { editPrompt, leaveEditing } from '../../actions/edit-prompt.ts'
import { stopRun } from '../../actions/stop-run.ts'
import { submitComposer } from '../../actions/submit-composer.ts'
import type { App } from '../../app.ts'
import { hasFinePointer } from '../../platform/input-kind.ts'
import { type Composer, composer, type RuleWords } from '../components/composer.ts'
import { shortModel } from '../format.ts'
import { dayWords } from './chat-values.ts'
import { isDown, statusWords } from './composer-words.ts'
import type { Transcript } from './transcript.ts'

type ChatComposerOptions = {
  /** What sending the draft would take and cost; null while nothing is written, or not known yet. */
  readonly meter: ReadonlySignal<RuleWords | null>
  onModel(): void
  onCommands(): void
  /** Does the line in the box, which begins with a slash. */
  onLine(): void
}

/** The composer of the chat on the screen. */
export function chatComposer(alive: AbortSignal, app: App, talk: Transcript, options: ChatComposerOptions): Composer {
  const isAnswering = computed(() => app.chat.run.value !== null)
  const isEditing = computed(() => app.composer.editing.value !== null)
  return composer(alive, {
    text: app.composer.text,
    modelName: computed(() => shortModel(app.chat.modelId.value)),
    isAnswering,
    isEditing,
    willQueue: computed(() => isDown(app.connection.link.value)),
    status: computed(() =>
      statusWords({
        isEditing: isEditing.value,
        doesEscapeStop: isAnswering.value && hasFinePointer(),
        link: app.connection.link.value,
      }),
    ),
    money: computed(() => options.meter.value ?? { words: dayWords(app), tone: '' }),
    hasLatest: talk.follower.hasLatest,
    doesEnterSend: computed(() => {
      const { enterKey } = app.settings.settings.value
      return enterKey === 'auto' ? hasFinePointer() : enterKey === 'send'
    }),
    onWrite: app.composer.write,
    onSubmit() {
      if (app.composer.text.peek().trimStart().startsWith('/')) options.onLine()
      else void submitComposer(app)
    },
    onStop() {
      const run = app.chat.run.peek()
      if (run !== null) void stopRun(app, run)
    },
    onLeaveEdit: () => leaveEditing(app),
    onLatest: talk.follower.toEnd,
    onModel: options.onModel,
    onCommands: options.onCommands,
    onEditLast() {
      const last = app.chat.turns.peek().at(-1)
      if (last !== undefined && app.chat.run.peek() === null) editPrompt(app, last)
    },
  })
}
