import { describe, expect, test } from 'vitest'
import { actOf, KEY_MAP, keyOf, showKey, showKeys } from '#shared/commands/key-map.ts'

describe('the key map', () => {
  test('gives a key one meaning at a place', () => {
    for (const { rows } of KEY_MAP) {
      const keys = rows.flatMap(row => row.keys).flatMap(([names]) => names.split(' '))

      expect(new Set(keys).size).toBe(keys.length)
    }
  })

  test('knows what a key does where', () => {
    expect(actOf('reading', 'j')).toBe('next-turn')
    expect(actOf('lists', 'j')).toBe('next-row')
    expect(actOf('reading', 'i')).toBe('write')
    expect(actOf('writing', 'j')).toBeNull()
  })

  test('names the key of a command', () => {
    expect(keyOf('retry')).toBe('r')
    expect(keyOf('theme')).toBeNull()
  })

  test('prints keys as the keyboard has them', () => {
    expect(showKey('mod+k', false)).toBe('ctrl K')
    expect(showKey('mod+k', true)).toBe('⌘ K')
    const rows = KEY_MAP.flatMap(group => group.rows)
    const shown = (label: string) => rows.filter(row => row.label === label).map(row => showKeys(row, false))
    expect(shown('previous, next chat')).toEqual(['alt ↑ ↓'])
    expect(shown('first, last')).toEqual(['g G'])
    expect(shown('write')).toEqual(['i ↵'])
    expect(shown('new line')).toEqual(['⇧ ↵'])
  })
})
