import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Model } from '#shared/models.ts'
import type { Conversation } from '#shared/records.ts'
import type { LiveRun } from '../runs/live-run.ts'
import type { RunRegistry } from '../runs/run-registry.ts'
import type { Hit } from './find-store.ts'
import type { LoadState } from './load-state.ts'
import type { MessageStore } from './message-store.ts'
import { newestLeaf, type Turn, turnsTo } from './message-tree.ts'
import type { ModelStore } from './model-store.ts'
import type { PersonaStore } from './persona-store.ts'

/** What is sent with each prompt of a chat, besides its model. */
export type ChatSettings = Pick<Conversation, 'system_prompt' | 'params'>

/** A chat without settings of its own. */
export const NO_SETTINGS: ChatSettings = { system_prompt: null, params: {} }

/** The chat on the screen, derived from the route and the stores. */
export type CurrentChat = {
  readonly id: ReadonlySignal<string | null>
  readonly conversation: ReadonlySignal<Conversation | null>
  readonly turns: ReadonlySignal<readonly Turn[]>
  /** The message that the reader wants to see, until the page has gone there. */
  readonly target: Signal<string | null>
  goTo(messageId: string): void
  readonly load: ReadonlySignal<LoadState>
  /** The run that writes one of the answers shown, the first one if several. */
  readonly run: ReadonlySignal<LiveRun | null>
  /** The model that the next prompt asks, null where none is known yet. */
  readonly modelId: ReadonlySignal<string | null>
  readonly model: ReadonlySignal<Model | null>
  readonly settings: ReadonlySignal<ChatSettings>
  /** What the chat that has not been started will begin with. */
  readonly nextSettings: Signal<ChatSettings>
  /** Nano-dollars of all branches; null where nothing is known. */
  readonly costNanousd: ReadonlySignal<number | null>
}

type Sources = {
  readonly id: ReadonlySignal<string | null>
  readonly messages: MessageStore
  readonly models: ModelStore
  readonly registry: RunRegistry
  readonly personas: PersonaStore
  /** A message whose branch is shown instead of the chat's own. */
  readonly wanted: ReadonlySignal<Hit | null>
}

export function createCurrentChat({ id, messages, models, registry, personas, wanted }: Sources): CurrentChat {
  const { conversation, messages: rows, load } = messages
  const leaf = computed(() => {
    const messageId = wanted.value?.messageId ?? null
    const isHere = messageId !== null && rows.value.has(messageId)
    return isHere ? newestLeaf(rows.value, messageId) : (conversation.value?.active_leaf_id ?? null)
  })
  const target = signal<string | null>(null)
  const turns = computed(() => turnsTo(rows.value, leaf.value))
  const modelId = computed(
    () => conversation.value?.model ?? models.picked.value ?? personas.standard.value?.model ?? models.preferred.value,
  )
  const nextSettings = signal(NO_SETTINGS)
  // What was set for the chat that has not been started stands over the persona of all new ones.
  const newSettings = computed(() =>
    nextSettings.value === NO_SETTINGS ? (personas.standard.value ?? NO_SETTINGS) : nextSettings.value,
  )
  return {
    id,
    conversation,
    turns,
    target,
    goTo(messageId) {
      target.value = messageId
    },
    load,
    run: computed(() => {
      const live = registry.live.value
      const answers = turns.value.map(turn => (turn.answer === null ? undefined : live.get(turn.answer.id)))
      return answers.find(run => run !== undefined) ?? null
    }),
    modelId,
    model: computed(() => (modelId.value === null ? null : (models.byId.value.get(modelId.value) ?? null))),
    settings: computed(() => (id.value === null ? newSettings.value : (conversation.value ?? NO_SETTINGS))),
    nextSettings,
    costNanousd: computed(() => {
      if (!messages.isWhole.value) return null
      const known = [messages.goneCostNanousd.value, ...[...rows.value.values()].map(row => row.cost_nanousd)]
      const costs = known.filter(cost => cost !== null)
      return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0)
    }),
  }
}
