import { computed } from '@preact/signals-core'
import { editPrompt } from '../../actions/edit-prompt.ts'
import { stopRun } from '../../actions/stop-run.ts'
import { submitComposer } from '../../actions/submit-composer.ts'
import type { App } from '../../app.ts'
import { hasFinePointer } from '../../platform/input-kind.ts'
import { type Composer, composer } from '../components/composer.ts'
import { shortModel } from '../format.ts'
import { isDown, moneyWords, statusWords } from './composer-words.ts'
import type { Transcript } from './transcript.ts'

/** The composer of the chat on the screen. */
export function chatComposer(alive: AbortSignal, app: App, talk: Transcript, onModel: () => void): Composer {
  const isAnswering = computed(() => app.chat.run.value !== null)
  return composer(alive, {
    text: app.composer.text,
    modelName: computed(() => shortModel(app.chat.modelId.value)),
    isAnswering,
    willQueue: computed(() => isDown(app.connection.link.value)),
    status: computed(() =>
      statusWords({
        isEditing: app.composer.editing.value !== null,
        isAnswering: isAnswering.value,
        link: app.connection.link.value,
      }),
    ),
    money: computed(() =>
      moneyWords(app.composer.text.value, app.chat.turns.value, app.chat.model.value, app.usage.today.value),
    ),
    hasLatest: talk.follower.hasLatest,
    doesEnterSend: computed(() => {
      const { enterKey } = app.settings.settings.value
      return enterKey === 'auto' ? hasFinePointer() : enterKey === 'send'
    }),
    onWrite: app.composer.write,
    onSubmit: () => void submitComposer(app),
    onStop() {
      const run = app.chat.run.peek()
      if (run !== null) void stopRun(app, run)
    },
    onLatest: talk.follower.toEnd,
    onModel,
    onEditLast() {
      const last = app.chat.turns.peek().at(-1)
      if (last !== undefined && app.chat.run.peek() === null) editPrompt(app, last)
    },
  })
}
