import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { ConversationParams, Persona } from '#shared/records.ts'
import { watch } from '../../signals/watch.ts'
import { bindShown, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'

/** What a chat sends besides its model. */
type Spoken = Pick<Persona, 'system_prompt' | 'params'>

export type PersonaChoiceOptions = {
  readonly personas: ReadonlySignal<readonly Persona[]>
  readonly settings: ReadonlySignal<Spoken>
  /** Null for none: no system prompt and no parameters. */
  onChoose(persona: Persona | null): void
}

const OWN = 'own'
const NONE = ''

/** Who answers in this chat: one of the personas, nobody in particular, or what was written for this chat alone. */
export function personaChoice(alive: AbortSignal, { personas, settings, onChoose }: PersonaChoiceOptions): HTMLElement {
  const select = el('select', { class: 'field' })
  const current = computed(() => personaOf(settings.value, personas.value))
  watch(
    alive,
    computed(() => ({ list: personas.value, now: current.value })),
    ({ list, now }) => {
      const own = now === OWN ? [el('option', { value: OWN }, 'this chat’s own')] : []
      const named = list.map(({ id, name }) => el('option', { value: id }, name))
      select.replaceChildren(el('option', { value: NONE }, 'none'), ...own, ...named)
      select.value = now
    },
  )
  on(alive, select, 'change', () => {
    if (select.value !== OWN) onChoose(personas.peek().find(({ id }) => id === select.value) ?? null)
  })
  const row = el(
    'label',
    { class: 'row-main choose' },
    el('span'),
    el('span', { class: 'row-title' }, 'persona'),
    select,
  )
  const item = el('li', { class: 'row' }, row)
  bindShown(
    alive,
    item,
    computed(() => personas.value.length > 0),
  )
  return item
}

/** A chat keeps what a persona says, not its name: the one that says the same is meant. */
function personaOf(settings: Spoken, personas: readonly Persona[]): string {
  const same = personas.find(persona => saysTheSame(persona, settings))
  if (same !== undefined) return same.id
  return saysTheSame({ system_prompt: null, params: {} }, settings) ? NONE : OWN
}

function saysTheSame(left: Spoken, right: Spoken): boolean {
  return left.system_prompt === right.system_prompt && written(left.params) === written(right.params)
}

/** Parameters in one order, without those that are left to the provider. */
function written(params: ConversationParams): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined)
  return JSON.stringify(given.toSorted(([left], [right]) => (left < right ? -1 : 1)))
}
