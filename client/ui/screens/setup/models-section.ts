import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { Model } from '#shared/models.ts'
import { changeModelTaste } from '../../../actions/change-model-taste.ts'
import type { App } from '../../../app.ts'
import { type ModelTaste, withModel } from '../../../stores/model-taste.ts'
import { pageSection } from '../../components/page-section.ts'
import { bindAttribute, bindText, on } from '../../dom/bind.ts'
import { el, glyph } from '../../dom/element.ts'
import { keyedList } from '../../dom/keyed-list.ts'
import { shortModel } from '../../format.ts'

/** Which models come first in the list, which are left out of it, and which one new chats ask. */
export function modelsSection(alive: AbortSignal, app: App): HTMLElement {
  const { models, taste } = app.models
  const change: Ways['change'] = next => void changeModelTaste(app, next)
  const end = el('span', { class: 'num' })
  bindText(
    alive,
    end,
    computed(() => {
      const hidden = models.value.filter(({ id }) => taste.value.hidden.includes(id)).length
      return hidden === 0 ? String(models.value.length) : `${models.value.length}, ${hidden} hidden`
    }),
  )
  const list = el('ul', { class: 'set setup-models' })
  keyedList(alive, list, {
    items: models,
    keyOf: model => model.id,
    create: (life, model) => modelRow(life, model, { taste, change }),
  })
  const words =
    'First in the list, left out of it, or asked by new chats. Without a default, a new chat asks the model chosen last.'
  return pageSection({ id: 'models', title: 'models', end }, el('p', { class: 'pad dim' }, words), list)
}

type Ways = { readonly taste: ReadonlySignal<ModelTaste>; change(next: (now: ModelTaste) => ModelTaste): void }

function modelRow(alive: AbortSignal, model: ReadonlySignal<Model>, { taste, change }: Ways): HTMLElement {
  const { id } = model.peek()
  const isFavourite = computed(() => taste.value.favourites.includes(id))
  const isHidden = computed(() => taste.value.hidden.includes(id))
  const isStandard = computed(() => taste.value.standard === id)
  const keyOf = (word: string, isOn: ReadonlySignal<boolean>, next: (now: ModelTaste) => ModelTaste): HTMLElement => {
    const key = el('button', { type: 'button', class: 'key brk', 'aria-label': `${word}: ${id}` }, word)
    bindAttribute(
      alive,
      key,
      'aria-pressed',
      computed(() => String(isOn.value)),
    )
    on(alive, key, 'click', () => change(next))
    return key
  }
  const listKey = (word: string, list: 'favourites' | 'hidden', isOn: ReadonlySignal<boolean>): HTMLElement =>
    keyOf(word, isOn, now => withModel(now, list, { id, isIn: !now[list].includes(id) }))
  const mark = glyph('', 'row-mark')
  bindText(
    alive,
    mark,
    computed(() => (isFavourite.value ? '★' : ' ')),
  )
  return el(
    'li',
    { class: 'row setup-model' },
    mark,
    el('span', { class: 'row-title cut', title: id }, shortModel(id)),
    el(
      'span',
      { class: 'setup-model-keys' },
      listKey('first', 'favourites', isFavourite),
      listKey('hide', 'hidden', isHidden),
      keyOf('default', isStandard, now => ({ ...now, standard: now.standard === id ? null : id })),
    ),
  )
}
