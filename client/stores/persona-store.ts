import { computed, type ReadonlySignal, signal } from '@preact/signals-core'
import type { Persona } from '#shared/records.ts'
import type { DeviceState } from '../device/device.ts'
import { lastKnown } from '../signals/last-known.ts'
import { switched } from '../signals/switched.ts'
import type { SharedSettings } from './shared-settings.ts'

/** The setting that names the persona which new chats begin with. */
export const DEFAULT_PERSONA_SETTING = 'default-persona'

export interface PersonaStore {
  /** By name, without deleted ones; empty until they are read. */
  readonly list: ReadonlySignal<readonly Persona[]>
  /** The one that new chats begin with. */
  readonly standard: ReadonlySignal<Persona | null>
}

type Sources = { readonly device: ReadonlySignal<DeviceState>; readonly settings: SharedSettings }

const NOTHING: ReadonlySignal<null> = signal(null)

/** Ways to be spoken to: a system prompt, a model and parameters under a name, on all devices. */
export function createPersonaStore(alive: AbortSignal, { device, settings }: Sources): PersonaStore {
  const read = switched<DeviceState, readonly Persona[] | null>(alive, device, (life, state) =>
    state.state === 'open' ? state.device.personas(life) : NOTHING,
  )
  const known = lastKnown(alive, read)
  const list = computed(() => known.value ?? [])
  const find = (id: unknown): Persona | null => list.value.find(persona => persona.id === id) ?? null
  const standard = computed(() => find(settings.value.byName.get(DEFAULT_PERSONA_SETTING)))
  return { list, standard }
}
