import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Model } from '#shared/models.ts'
import type { ListedConversation } from '../api/parse.ts'
import type { Router } from '../platform/router.ts'
import type { LiveRun } from '../runs/live-run.ts'
import type { RunRegistry } from '../runs/run-registry.ts'
import type { ConversationStore } from './conversation-store.ts'
import type { LoadState } from './load-state.ts'
import type { MessageStore } from './message-store.ts'
import { type Turn, turnsTo } from './message-tree.ts'
import type { ModelStore } from './model-store.ts'

/** The chat on the screen, derived from the route and the stores. */
export type CurrentChat = {
  readonly id: ReadonlySignal<string | null>
  readonly conversation: ReadonlySignal<ListedConversation | null>
  readonly turns: ReadonlySignal<readonly Turn[]>
  readonly load: ReadonlySignal<LoadState>
  /** The run that writes one of the answers shown, the last one if several. */
  readonly run: ReadonlySignal<LiveRun | null>
  /** The model that the next prompt asks, null where none is known yet. */
  readonly modelId: ReadonlySignal<string | null>
  readonly model: ReadonlySignal<Model | null>
  /** Nano-dollars of all branches; null where nothing is known. */
  readonly costNanousd: ReadonlySignal<number | null>
}

const READY: LoadState = { state: 'ready' }

type Sources = {
  readonly router: Router
  readonly conversations: ConversationStore
  readonly messages: MessageStore
  readonly models: ModelStore
  readonly registry: RunRegistry
}

export function createCurrentChat(sources: Sources): CurrentChat {
  const { router, conversations, messages, models, registry } = sources
  const id = computed(() => (router.route.value.name === 'chat' ? router.route.value.conversationId : null))
  const conversation = computed(() => (id.value === null ? null : (conversations.byId.value.get(id.value) ?? null)))
  const rows = computed(() => (id.value === null ? null : messages.of(id.value).value))
  const leaf = computed(() => conversation.value?.active_leaf_id ?? null)
  const turns = computed(() => (rows.value === null ? [] : turnsTo(rows.value, leaf.value)))
  const modelId = computed(() => conversation.value?.model ?? models.preferred.value)
  return {
    id,
    conversation,
    turns,
    load: computed(() => (id.value === null ? READY : messages.loadOf(id.value).value)),
    run: computed(() => {
      const live = registry.live.value
      const answers = turns.value.map(turn => (turn.answer === null ? undefined : live.get(turn.answer.id)))
      return answers.findLast(run => run !== undefined) ?? null
    }),
    modelId,
    model: computed(() => (modelId.value === null ? null : (models.byId.value.get(modelId.value) ?? null))),
    costNanousd: computed(() => {
      const costs = [...(rows.value?.values() ?? [])].map(row => row.cost_nanousd).filter(cost => cost !== null)
      return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0)
    }),
  }
}
