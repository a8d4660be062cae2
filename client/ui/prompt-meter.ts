import { computed, type ReadonlySignal } from '@preact/signals-core'
import { parseCommand } from '#shared/commands/parse-command.ts'
import type { App } from '../app.ts'
import { trustedScriptUrl } from '../platform/trusted-urls.ts'
import { promptParts } from '../tokens/prompt-parts.ts'
import { promptSize } from '../tokens/prompt-size.ts'
import { createTokenCounter } from '../tokens/token-counter.ts'
import tokenWorkerUrl from '../workers/token-worker.ts?worker&url'
import type { RuleWords } from './components/composer.ts'
import { meterWords } from './meter-words.ts'

/** What sending the draft would take and cost, for the composer's rule; null while nothing is written. */
export function promptMeter(app: App): ReadonlySignal<RuleWords | null> {
  const draft = computed(() => {
    const parsed = parseCommand(app.composer.text.value)
    // A command is sent to nobody.
    return parsed.kind === 'prompt' ? parsed.text : ''
  })
  const size = promptSize(app.alive, {
    draft,
    parts: computed(() => promptParts(app.chat.turns.value, app.chat.settings.value.system_prompt)),
    modelId: app.chat.modelId,
    counter: createTokenCounter(app.alive, {
      spawn: () => new Worker(trustedScriptUrl(tokenWorkerUrl), { type: 'module' }),
      scheduler: app.scheduler,
    }),
    scheduler: app.scheduler,
  })
  return computed(() => (draft.value === '' ? null : meterWords(size.value, app.chat.model.value)))
}
