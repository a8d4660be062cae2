import { expect, test } from 'vitest'
import { dayStartIn, monthStartIn } from '#shared/calendar.ts'
import { isTimeZone } from '#shared/time-zone.ts'

const at = (text: string): number => Date.parse(text)

test.each([
  ['UTC', '2026-11-23T14:05:00Z', '2026-11-23T00:00:00Z'],
  ['Europe/Berlin', '2026-11-22T23:30:00Z', '2026-11-22T23:00:00Z'],
  ['America/Los_Angeles', '2026-11-23T07:59:59Z', '2026-11-22T08:00:00Z'],
  ['Asia/Kolkata', '2026-11-22T18:30:00Z', '2026-11-22T18:30:00Z'],
  ['Pacific/Kiritimati', '2026-11-23T09:59:59Z', '2026-11-22T10:00:00Z'],
])('in %s the day of %s began at %s', (timeZone, time, start) => {
  expect(new Date(dayStartIn(timeZone, at(time)))).toEqual(new Date(start))
})

test.each([
  ['the clocks go forward', 'Europe/Berlin', '2026-03-29T20:00:00Z', '2026-03-28T23:00:00Z'],
  ['the clocks went forward the day before', 'Europe/Berlin', '2026-03-30T20:00:00Z', '2026-03-29T22:00:00Z'],
  ['the clocks go back', 'Europe/Berlin', '2026-10-25T20:00:00Z', '2026-10-24T22:00:00Z'],
  ['the clocks went back the day before', 'Europe/Berlin', '2026-10-26T20:00:00Z', '2026-10-25T23:00:00Z'],
  ['midnight is skipped', 'Asia/Beirut', '2025-03-30T12:00:00Z', '2025-03-29T22:00:00Z'],
])('a day on which %s begins at its first moment', (_, timeZone, time, start) => {
  expect(new Date(dayStartIn(timeZone, at(time)))).toEqual(new Date(start))
})

test('a month begins with its first day, in winter time too when now is summer', () => {
  expect(new Date(monthStartIn('Europe/Berlin', at('2026-03-30T12:00:00Z')))).toEqual(new Date('2026-02-28T23:00:00Z'))
  expect(new Date(monthStartIn('America/New_York', at('2026-12-01T04:59:59Z')))).toEqual(
    new Date('2026-11-01T04:00:00Z'),
  )
})

test('a time zone is one that the platform knows', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
})
