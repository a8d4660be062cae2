import type { FileChat } from '../file-format.ts'
import type { ImportSource, Skipped } from './foreign-chat.ts'
import type { ChatPlan } from './plan-chat.ts'

/** What an import does, or would do. */
export type ImportReport = {
  /** The formats that were found, each once. */
  readonly sources: readonly ImportSource[]
  readonly conversations: { readonly new: number; readonly grown: number; readonly unchanged: number }
  /** Messages that are made, and those among them that are another version of one beside them. */
  readonly messages: { readonly new: number; readonly unchanged: number; readonly versions: number }
  /** Pictures and files that the messages name and the import leaves behind. */
  readonly missing: number
  readonly from: number | null
  readonly to: number | null
  /** The models of the messages, the most frequent first. */
  readonly models: readonly { readonly name: string; readonly messages: number }[]
  /** What is not brought in, by reason. */
  readonly skipped: readonly { readonly reason: string; readonly count: number }[]
  /** The same one by one, as far as a person would read. */
  readonly skipped_items: readonly Skipped[]
}

export interface ReportKeeper {
  foundSource(source: ImportSource): void
  planned(plan: ChatPlan, missing: number): void
  skipped(items: readonly Skipped[]): void
  report(): ImportReport
}

const MOST_ITEMS = 200

/** Adds up what an import does while it goes on. */
export function createReportKeeper(): ReportKeeper {
  const sources = new Set<ImportSource>()
  const conversations = { new: 0, grown: 0, unchanged: 0 }
  const messages = { new: 0, unchanged: 0, versions: 0 }
  const models = new Map<string, number>()
  const reasons = new Map<string, number>()
  const items: Skipped[] = []
  let missing = 0
  let from: number | null = null
  let to: number | null = null
  return {
    foundSource: source => void sources.add(source),
    planned: (plan, missingHere) => {
      const { chat, newMessages } = plan
      conversations[plan.kind]++
      messages.new += newMessages.length
      messages.unchanged += chat.messages.length - newMessages.length
      messages.versions += versionsOf(chat)
      missing += missingHere
      from = Math.min(from ?? chat.created_at, chat.created_at)
      to = Math.max(to ?? chat.updated_at, chat.updated_at)
      for (const { model } of chat.messages) if (model !== null) models.set(model, (models.get(model) ?? 0) + 1)
    },
    skipped: found => {
      for (const item of found) {
        reasons.set(item.reason, (reasons.get(item.reason) ?? 0) + 1)
        if (items.length < MOST_ITEMS) items.push(item)
      }
    },
    report: () => ({
      sources: [...sources],
      conversations: { ...conversations },
      messages: { ...messages },
      missing,
      from,
      to,
      models: byCount(models).map(([name, count]) => ({ name, messages: count })),
      skipped: byCount(reasons).map(([reason, count]) => ({ reason, count })),
      skipped_items: [...items],
    }),
  }
}

function versionsOf({ messages }: FileChat): number {
  return messages.length - new Set(messages.map(({ parent_id }) => parent_id)).size
}

function byCount(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].sort(([, left], [, right]) => right - left)
}
