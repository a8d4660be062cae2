import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Persona } from '#shared/records.ts'
import { applyPersona, deletePersona, savePersona, setStandardPersona } from '../../../actions/edit-personas.ts'
import type { App } from '../../../app.ts'
import { pageSection } from '../../components/page-section.ts'
import { settingRow } from '../../components/setting-row.ts'
import { bindShown, bindText, on } from '../../dom/bind.ts'
import { el } from '../../dom/element.ts'
import { keyedList } from '../../dom/keyed-list.ts'
import { shortModel } from '../../format.ts'
import { openPersonaSheet } from '../../sheets/persona-sheet.ts'

/** Ways to be spoken to: a prompt, a model and parameters under a name. */
export function personasSection(alive: AbortSignal, app: App): HTMLElement {
  const { list, standard } = app.personas
  const end = el('span', { class: 'num' })
  bindText(
    alive,
    end,
    computed(() => String(list.value.length)),
  )
  const rows = el('ul', { class: 'set' })
  keyedList(alive, rows, {
    items: list,
    keyOf: persona => persona.id,
    create: (life, persona) =>
      settingRow(life, {
        mark: computed(() => (standard.value?.id === persona.value.id ? '◆' : ' ')),
        title: computed(() => persona.value.name),
        end: computed(() => endWords(persona.value, standard.value)),
        sub: computed(() => persona.value.system_prompt ?? 'No system prompt.'),
        onOpen: () => openPersona(app, persona),
      }),
  })
  const fresh = el('button', { type: 'button', class: 'key brk' }, 'new persona')
  on(alive, fresh, 'click', () => openPersona(app, null))
  const none = el(
    'p',
    { class: 'dim' },
    'A persona is a system prompt, a model and parameters under a name: for one chat, or for each new one.',
  )
  bindShown(
    alive,
    none,
    computed(() => list.value.length === 0),
  )
  return pageSection(
    { id: 'personas', title: 'personas', end },
    rows,
    el('div', { class: 'pad' }, none, el('div', { class: 'page-keys' }, fresh)),
  )
}

function endWords({ id, model }: Persona, standard: Persona | null): string {
  if (standard?.id === id) return 'default'
  return model === null ? '' : shortModel(model)
}

function openPersona(app: App, source: ReadonlySignal<Persona> | null): void {
  const persona = source?.peek() ?? null
  openPersonaSheet(document.body, {
    persona,
    isStandard: persona !== null && app.personas.standard.peek()?.id === persona.id,
    modelIds: app.models.models.peek().map(({ id }) => id),
    onSave: content => void savePersona(app, persona?.id ?? null, content),
    onStandard: isStandard => void setStandardPersona(app, isStandard ? (persona?.id ?? null) : null),
    onDelete() {
      if (persona !== null) void deletePersona(app, persona)
    },
    onApply() {
      if (persona !== null) void applyPersona(app, persona)
    },
  })
}
