import { expect, test } from 'vitest'
import { parsePath, pathOf, type Route } from '../../../client/platform/router.ts'

const ID = '01a20673-bbaa-72e9-ad42-53a90761e690'

test('each route has a path that names it', () => {
  const routes: readonly Route[] = [
    { name: 'chats' },
    { name: 'archive' },
    { name: 'trash' },
    { name: 'chat', conversationId: null },
    { name: 'chat', conversationId: ID },
    { name: 'chat', conversationId: ID, messageId: ID },
    { name: 'find', query: 'wal "a & b" 東京' },
    { name: 'page', page: 'usage', part: null },
    { name: 'page', page: 'usage', part: '2026-11' },
    { name: 'page', page: 'tree', part: ID },
    { name: 'page', page: 'setup', part: null },
    { name: 'page', page: 'setup', part: 'this-device' },
  ]
  expect(routes.map(pathOf)).toEqual([
    '/chats',
    '/archive',
    '/trash',
    '/',
    `/c/${ID}`,
    `/c/${ID}?m=${ID}`,
    '/find?q=wal+%22a+%26+b%22+%E6%9D%B1%E4%BA%AC',
    '/usage',
    '/usage/2026-11',
    `/c/${ID}/tree`,
    '/setup',
    '/setup/this-device',
  ])
  expect(routes.map(route => parsePath(pathOf(route)))).toEqual(routes)
})

test('a page takes no more than one part, and nothing that is not a word', () => {
  const newChat = { name: 'chat', conversationId: null }

  expect(parsePath('/setup/look/more')).toEqual(newChat)
  expect(parsePath('/setup/%2e%2e')).toEqual(newChat)
  expect(parsePath('/setups')).toEqual(newChat)
})

test('an unknown path or id is the new chat', () => {
  expect(parsePath('/c/nonsense')).toEqual({ name: 'chat', conversationId: null })
  expect(parsePath('/elsewhere')).toEqual({ name: 'chat', conversationId: null })
})
