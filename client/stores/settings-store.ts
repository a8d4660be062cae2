import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { LocalStore } from '../platform/local-store.ts'

export const THEMES = ['auto', 'green', 'amber', 'paper', 'night', 'contrast'] as const
export const TEXT_SIZES = ['14', '16', '18', '20'] as const
export const GLOWS = ['off', 'soft'] as const
export const ENTER_KEYS = ['auto', 'send', 'new line'] as const
export const LETTER_KEYS = ['on', 'off'] as const

export type Settings = {
  readonly theme: (typeof THEMES)[number]
  readonly textSize: (typeof TEXT_SIZES)[number]
  /** A bloom on the prompt, the cursor and large figures, in the phosphor themes. */
  readonly glow: (typeof GLOWS)[number]
  /** `auto` sends where a mouse is the main pointer and makes a new line on a phone. */
  readonly enterKey: (typeof ENTER_KEYS)[number]
  /** Whether single letters and signs do something while nothing is being written. */
  readonly letterKeys: (typeof LETTER_KEYS)[number]
}

export interface SettingsStore {
  readonly settings: ReadonlySignal<Settings>
  change(part: Partial<Settings>): void
}

/** How this device likes to look and to type. */
export function createSettingsStore(store: LocalStore): SettingsStore {
  const settings = signal<Settings>({
    theme: oneOf(THEMES, store.get('llmr-theme'), 'auto'),
    textSize: oneOf(TEXT_SIZES, store.get('llmr-text-size'), '16'),
    glow: oneOf(GLOWS, store.get('llmr-glow'), 'soft'),
    enterKey: oneOf(ENTER_KEYS, store.get('llmr-enter-key'), 'auto'),
    letterKeys: oneOf(LETTER_KEYS, store.get('llmr-letter-keys'), 'on'),
  })
  return {
    settings,
    change(part) {
      settings.value = { ...settings.peek(), ...part }
      store.set('llmr-theme', settings.peek().theme)
      store.set('llmr-text-size', settings.peek().textSize)
      store.set('llmr-glow', settings.peek().glow)
      store.set('llmr-enter-key', settings.peek().enterKey)
      store.set('llmr-letter-keys', settings.peek().letterKeys)
    },
  }
}

function oneOf<Value extends string>(values: readonly Value[], value: string | null, fallback: Value): Value {
  return values.find(known => known === value) ?? fallback
}
