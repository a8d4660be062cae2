import type { ConversationParams, Persona, ReasoningEffort } from '#shared/records.ts'
import { openSheet, type Sheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { type Attributes, el, glyph } from '../dom/element.ts'

type Content = Pick<Persona, 'name' | 'system_prompt' | 'model' | 'params'>

export type PersonaSheetOptions = {
  /** Null for a new one. */
  readonly persona: Persona | null
  readonly isStandard: boolean
  readonly modelIds: readonly string[]
  onSave(content: Content): void
  onStandard(isStandard: boolean): void
  onDelete(): void
  onApply(): void
}

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** One persona: its fields, and what can be done with it. */
export function openPersonaSheet(host: HTMLElement, options: PersonaSheetOptions): void {
  openSheet(host, { label: options.persona?.name ?? 'New persona', kind: 'tall' }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close' }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    const title = el('h2', { class: 'bright' }, options.persona === null ? 'new persona' : 'persona')
    return [
      el('div', { class: 'sheet-in' }, glyph('◆'), title, close),
      el('div', { class: 'scroll' }, form(sheet, options), acts(sheet, options)),
    ]
  })
}

function form(sheet: Sheet, { persona, modelIds, onSave }: PersonaSheetOptions): HTMLElement {
  const params = persona?.params ?? {}
  const name = el('input', {
    class: 'field',
    value: persona?.name ?? '',
    required: true,
    maxlength: 200,
    autofocus: persona === null,
  })
  const prompt = el('textarea', { class: 'field', rows: 4 }, persona?.system_prompt ?? '')
  const model = choiceOf(['', ...modelIds], persona?.model ?? '', 'the chat’s own')
  const reasoning = choiceOf(['', ...EFFORTS], params.reasoning ?? '', 'as the model does')
  const temperature = numberField({ min: 0, max: 2, step: 0.05, value: params.temperature })
  const longest = numberField({ min: 1, max: 1_000_000, step: 1, value: params.max_output_tokens })
  const save = el('button', { type: 'submit', class: 'key', 'data-kind': 'go' }, 'save')
  const element = el(
    'form',
    { class: 'persona-form' },
    labelled('name', name),
    labelled('system prompt', prompt),
    labelled('model', model),
    labelled('reasoning', reasoning),
    labelled('temperature', temperature),
    labelled('longest answer, tokens', longest),
    el('div', { class: 'page-keys' }, save),
  )
  on(sheet.alive, element, 'submit', event => {
    event.preventDefault()
    const effort = EFFORTS.find(known => known === reasoning.value)
    onSave({
      name: name.value.trim(),
      system_prompt: prompt.value.trim() === '' ? null : prompt.value,
      model: model.value === '' ? null : model.value,
      params: paramsOf({ temperature: temperature.valueAsNumber, longest: longest.valueAsNumber, effort }),
    })
    sheet.close()
  })
  return element
}

type Written = { readonly temperature: number; readonly longest: number; readonly effort: ReasoningEffort | undefined }

/** What is left empty is left to the provider. */
function paramsOf({ temperature, longest, effort }: Written): ConversationParams {
  return {
    ...(Number.isNaN(temperature) ? {} : { temperature }),
    ...(Number.isNaN(longest) ? {} : { max_output_tokens: longest }),
    ...(effort === undefined ? {} : { reasoning: effort }),
  }
}

function acts(sheet: Sheet, { persona, isStandard, onStandard, onDelete, onApply }: PersonaSheetOptions): HTMLElement {
  const act = (words: string, tone: string, run: () => void): HTMLElement => {
    const key = el('button', { type: 'button', class: `key brk ${tone}` }, words)
    on(sheet.alive, key, 'click', () => {
      sheet.close()
      run()
    })
    return key
  }
  const keys = el('div', { class: 'page-keys persona-acts' })
  if (persona === null) return keys
  keys.append(
    act('use in this chat', '', onApply),
    act(isStandard ? 'no default' : 'default for new chats', '', () => onStandard(!isStandard)),
    act('delete', 'err', onDelete),
  )
  return keys
}

function labelled(words: string, control: HTMLElement): HTMLElement {
  return el('label', { class: 'persona-field' }, el('span', { class: 'dim' }, words), control)
}

function choiceOf(values: readonly string[], current: string, emptyWords: string): HTMLSelectElement {
  const all = values.includes(current) ? values : [...values, current]
  const select = el(
    'select',
    { class: 'field' },
    ...all.map(value => el('option', { value }, value === '' ? emptyWords : value)),
  )
  select.value = current
  return select
}

function numberField({ value, ...limits }: Attributes): HTMLInputElement {
  return el('input', {
    class: 'field',
    type: 'number',
    inputmode: 'decimal',
    placeholder: 'as the model does',
    value,
    ...limits,
  })
}
