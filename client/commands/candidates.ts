import type { Candidate } from '#shared/commands/complete-command.ts'
import { resolveCandidate } from '#shared/commands/resolve-candidate.ts'
import type { Model } from '#shared/models.ts'
import type { Persona } from '#shared/records.ts'
import type { App } from '../app.ts'
import type { ListedConversation } from '../device/device.ts'

/** The models that answer, by their ids. */
export function modelCandidates(app: App, detail: (model: Model) => string = () => ''): readonly Candidate[] {
  return app.models.models.value.map(model => ({ value: model.id, text: model.id, detail: detail(model) }))
}

/** The chats of the list, newest first, by their titles. */
export function conversationCandidates(
  app: App,
  detail: (conversation: ListedConversation) => string = () => '',
): readonly Candidate[] {
  return app.conversations.list.value.map(row => ({ value: row.id, text: row.title, detail: detail(row) }))
}

/** The personas, by their names. */
export function personaCandidates(app: App, detail: (persona: Persona) => string = () => ''): readonly Candidate[] {
  return app.personas.list.value.map(persona => ({ value: persona.id, text: persona.name, detail: detail(persona) }))
}

/** What somebody's words name, or a sentence that says that they name nothing. */
export function resolve(
  written: string,
  candidates: readonly Candidate[],
  what: string,
): { readonly value: string } | { readonly refusal: string } {
  const resolved = resolveCandidate(written, candidates)
  if (resolved.kind === 'found') return { value: resolved.value }
  const meant = resolved.nearest === null ? '' : ` The nearest is ${resolved.nearest}.`
  return { refusal: resolved.several ? `More than one ${what} fits.${meant}` : `No ${what} is called that.${meant}` }
}
