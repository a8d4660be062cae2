import { expect, test } from 'vitest'
import { isAppPath } from '../../shared/app-paths.ts'

test.each([
  '/',
  '/chats',
  '/c/01a20000-0000-7000-8000-00000000000a',
  '/setup',
  '/setup/device',
  '/cats',
  '/healthy',
  '/shared',
])('%s belongs to the app', path => {
  expect(isAppPath(path)).toBe(true)
})

test.each([
  '/api',
  '/api/nothing',
  '/apisomething',
  '/health',
  '/ca',
  '/ca/root',
  '/https',
  '/https/check',
  '/share',
  '/.well-known/change-password',
  '/.git/config',
  '/assets/main-old.js',
  '/favicon.ico',
])('%s does not', path => {
  expect(isAppPath(path)).toBe(false)
})
