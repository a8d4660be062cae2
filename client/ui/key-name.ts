import { hasAppleKeyboard } from '../platform/input-kind.ts'

/**
 * A key as the key map names it: `j`, `G`, `Enter`, `shift+Enter`, `mod+k`, `alt+ArrowUp`. Shift is part of a printed sign, and so is
 * the key that makes `[` on many keyboards.
 */
export function keyName(event: KeyboardEvent): string {
  const isSign = event.key.length === 1
  const makesSign = isSign && event.altKey && (event.getModifierState('AltGraph') || hasAppleKeyboard())
  const hasMod = (event.ctrlKey || event.metaKey) && !makesSign
  const mod = hasMod ? 'mod+' : ''
  const alt = event.altKey && !makesSign ? 'alt+' : ''
  const shift = event.shiftKey && !isSign ? 'shift+' : ''
  const key = latinKey(event)
  return mod + alt + shift + (hasMod && isSign ? key.toLowerCase() : key)
}

/** On a Greek or Cyrillic keyboard the place of the key counts. */
function latinKey({ key, code, shiftKey }: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter === undefined || key.length !== 1 || key.charCodeAt(0) < 0x370) return key
  return shiftKey ? letter : letter.toLowerCase()
}
