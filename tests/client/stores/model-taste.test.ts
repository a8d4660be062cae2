import { expect, test } from 'vitest'
import { parseModelTaste } from '../../../client/device/parse-settings.ts'
import { type ModelTaste, offered, withModel } from '../../../client/stores/model-taste.ts'

const TASTE: ModelTaste = { favourites: ['b/two'], hidden: ['a/one'], standard: null }
const MODELS = ['a/one', 'a/three', 'b/two'].map(id => ({ id }))

test('favourites are offered first, and hidden models not at all', () => {
  expect(offered(MODELS, TASTE, null).map(({ id }) => id)).toEqual(['b/two', 'a/three'])
})

test('the model in use is offered even where it is hidden', () => {
  expect(offered(MODELS, TASTE, 'a/one').map(({ id }) => id)).toEqual(['b/two', 'a/one', 'a/three'])
})

test('a favourite is never hidden, and a hidden model is no favourite', () => {
  const hidden = withModel(TASTE, 'hidden', { id: 'b/two', isIn: true })
  const liked = withModel(hidden, 'favourites', { id: 'a/one', isIn: true })

  expect(hidden).toEqual({ favourites: [], hidden: ['a/one', 'b/two'], standard: null })
  expect(liked).toEqual({ favourites: ['a/one'], hidden: ['b/two'], standard: null })
  expect(withModel(liked, 'hidden', { id: 'b/two', isIn: false }).hidden).toEqual([])
})

test.each([undefined, null, 'models', { favourites: 'all' }])(
  '%j is no taste, so nothing is liked or hidden',
  value => {
    expect(parseModelTaste(value)).toEqual({ favourites: [], hidden: [], standard: null })
  },
)
