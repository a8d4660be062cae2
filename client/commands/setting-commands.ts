import { parseModelId } from '#shared/models.ts'
import type { ConversationParams, ReasoningEffort } from '#shared/records.ts'
import { changeChatSettings } from '../actions/change-chat-settings.ts'
import { chooseModel } from '../actions/choose-model.ts'
import { applyPersona } from '../actions/edit-personas.ts'
import { ENTER_KEYS, LETTER_KEYS, type Settings, TEXT_SIZES, THEMES } from '../stores/settings-store.ts'
import { modelCandidates, personaCandidates, resolve } from './candidates.ts'
import type { CommandHandler } from './command-handler.ts'
import type { CommandHost } from './command-host.ts'

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** What is sent with a chat's prompts, and how this device looks and types. */
export const SETTING_COMMANDS = {
  model: (host, value) => withModel(host, value, id => void chooseModel(host.app, id)),
  default: (host, value) =>
    withModel(host, value, id => {
      host.app.models.prefer(id)
      host.app.announcement.value = `New chats begin with ${id}`
    }),
  temp: ({ app }, value) => setParam(app, 'temperature', typeof value === 'number' ? value : undefined),
  max: ({ app }, value) => setParam(app, 'max_output_tokens', typeof value === 'number' ? value : undefined),
  reasoning: ({ app }, value) =>
    setParam(
      app,
      'reasoning',
      EFFORTS.find(effort => effort === value),
    ),
  system: (host, value) => {
    const { app } = host
    if (typeof value === 'string') {
      void changeChatSettings(app, () => ({ system_prompt: value.toLowerCase() === 'none' ? null : value }))
      return null
    }
    // Alone it brings what stands now, to be changed.
    app.composer.write(`/system ${app.chat.settings.peek().system_prompt ?? ''}`)
    host.focusComposer()
    return null
  },
  persona: ({ app }, value) => {
    const personas = personaCandidates(app)
    if (personas.length === 0) return 'There is no persona yet. /setup is where one is made.'
    const resolved = resolve(String(value), personas, 'persona')
    if ('refusal' in resolved) return resolved.refusal
    const persona = app.personas.list.peek().find(({ id }) => id === resolved.value)
    if (persona !== undefined) void applyPersona(app, persona)
    return null
  },
  theme: ({ app }, value) => setSetting(app, 'theme', THEMES, value),
  size: ({ app }, value) => setSetting(app, 'textSize', TEXT_SIZES, value),
  enter: ({ app }, value) => setSetting(app, 'enterKey', ENTER_KEYS, value),
  letters: ({ app }, value) => setSetting(app, 'letterKeys', LETTER_KEYS, value),
} as const satisfies Record<string, CommandHandler>

/** Calls back with the model that is named, else asks for one. */
export function withModel(
  host: CommandHost,
  value: Parameters<CommandHandler>[1],
  onModel: (modelId: string) => void,
): string | null {
  if (typeof value !== 'string') {
    host.openModels(onModel)
    return null
  }
  const resolved = resolve(value, modelCandidates(host.app), 'model')
  const id = 'value' in resolved ? resolved.value : mayExist(host, value) ? value : null
  if (id === null) return 'refusal' in resolved ? resolved.refusal : null
  onModel(id)
  return null
}

/** A model that is in no list may exist all the same, where the pi knows its provider, if only without a key. */
function mayExist({ app }: CommandHost, written: string): boolean {
  const named = /\s/.test(written) ? null : parseModelId(written)
  const providers = app.models.health.peek()?.providers
  return named !== null && (providers === undefined || named.provider in providers)
}

function setParam<Name extends keyof ConversationParams>(
  app: CommandHost['app'],
  name: Name,
  value: ConversationParams[Name] | undefined,
): null {
  void changeChatSettings(app, ({ params: { [name]: _, ...others } }) => ({
    params: value === undefined ? others : { ...others, [name]: value },
  }))
  return null
}

function setSetting<Name extends keyof Settings>(
  app: CommandHost['app'],
  name: Name,
  values: readonly Settings[Name][],
  value: Parameters<CommandHandler>[1],
): null {
  const chosen = values.find(known => known === value)
  if (chosen !== undefined) app.settings.change({ [name]: chosen })
  return null
}
