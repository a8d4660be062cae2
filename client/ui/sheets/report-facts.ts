import type { ImportSource } from '#shared/transfer/import/foreign-chat.ts'
import type { ImportReport } from '#shared/transfer/import/import-report.ts'
import type { Fact } from '../components/facts.ts'
import { el } from '../dom/element.ts'
import { formatCount, formatDay, shortModel } from '../format.ts'

const MOST_MODELS = 4

/** The formats by the names their makers gave them. */
const SOURCE_NAMES: Readonly<Record<ImportSource, string>> = {
  'llm-router': 'LLM Router',
  chatgpt: 'ChatGPT',
  claude: 'Claude',
  'open-webui': 'Open WebUI',
  librechat: 'LibreChat',
  'big-agi': 'big-AGI',
  nextchat: 'NextChat',
  betterchatgpt: 'BetterChatGPT',
  chatbotui: 'ChatbotUI',
  grok: 'Grok',
}

/** What a file holds, and what of it is new here. */
export function reportFacts(report: ImportReport, nowMs: number): readonly Fact[] {
  const { conversations, messages, sources, models, missing, from, to } = report
  const span =
    from === null || to === null ? null : [...new Set([formatDay(from, nowMs), formatDay(to, nowMs)])].join(' to ')
  const names = models.slice(0, MOST_MODELS).map(({ name }) => shortModel(name))
  const more = models.length - names.length
  return [
    { name: 'from', value: sources.map(source => SOURCE_NAMES[source]).join(', ') || 'nothing known' },
    { name: 'new chats', value: formatCount(conversations.new), ...(conversations.new > 0 ? { tone: 'ok' } : {}) },
    ...counted('chats that grew', conversations.grown),
    ...counted('here already', conversations.unchanged),
    { name: 'new messages', value: formatCount(messages.new) },
    ...counted('other versions', messages.versions),
    ...(span === null ? [] : [{ name: 'time', value: span }]),
    ...(names.length === 0
      ? []
      : [{ name: 'models', value: names.join(', ') + (more > 0 ? ` and ${more} more` : '') }]),
    ...(missing === 0
      ? []
      : [{ name: 'pictures and files left out', value: formatCount(missing), tone: 'warn' } as const]),
  ]
}

function counted(name: string, count: number): readonly Fact[] {
  return count === 0 ? [] : [{ name, value: formatCount(count) }]
}

/** What is left out, by reason, with the single ones behind a fold. Null when nothing is. */
export function skippedList({ skipped, skipped_items }: ImportReport): HTMLElement | null {
  const total = skipped.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return null
  const reasons = skipped.map(({ reason, count }) => el('li', {}, `${formatCount(count)} × ${reason}`))
  const items = skipped_items.map(({ chat, node, reason }) =>
    el('li', {}, [chat ?? 'a file', node, reason].filter(part => part !== null).join(' · ')),
  )
  const rest = total - items.length
  return el(
    'details',
    { class: 'skipped' },
    el('summary', {}, `${formatCount(total)} left out, and why`),
    el('ul', {}, ...reasons),
    el('p', { class: 'dim' }, 'One by one:'),
    el('ul', { class: 'dim' }, ...items, rest > 0 ? el('li', {}, `and ${formatCount(rest)} more`) : null),
  )
}
