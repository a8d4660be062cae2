import '../../styles/message-sheet.css'
import { computed } from '@preact/signals-core'
import { formatNanousd } from '#shared/money.ts'
import type { Message } from '#shared/records.ts'
import type { App } from '../../app.ts'
import type { Call } from '../../device/device.ts'
import { childLife } from '../../signals/watch.ts'
import { childrenByParent, type Turn } from '../../stores/message-tree.ts'
import { answerFacts, isCutShort } from '../components/answer-facts.ts'
import { compareAnswers } from '../components/compare-answers.ts'
import type { Fact } from '../components/facts.ts'
import { openMessageSheet, retryHint, type SheetAct } from '../sheets/message-sheet.ts'
import type { ActOnTurn, TurnAct } from '../turn-acts.ts'

/** Opens the sheet of a turn: what is known of its answer, and all that can be done. */
export function showTurnSheet(app: App, host: HTMLElement, turn: Turn, act: ActOnTurn): void {
  const message = turn.answer ?? turn.question
  const life = childLife(app.alive)
  const opened = app.device.peek()
  const calls = opened.state === 'open' && turn.answer !== null ? opened.device.calls(life.alive, turn.answer) : null
  const known = computed(() => calls?.value ?? [])
  openMessageSheet(host, {
    message,
    facts: computed(() => [
      ...(turn.answer === null ? [] : answerFacts(turn.answer)),
      ...known.value.flatMap(callFacts),
    ]),
    siblings: turn.answer === null ? [] : compareAnswers(turn.answer, otherAnswers(app, turn.answer)),
    rawUsage: computed(() => rawUsageOf(known.value)),
    acts: actsOf(
      turn,
      name => act(name, turn),
      () => openTree(app),
    ),
    onClose: life.end,
  })
}

function openTree(app: App): void {
  const id = app.chat.id.peek()
  if (id !== null) app.router.go({ name: 'page', page: 'tree', part: id })
}

function otherAnswers(app: App, answer: Message): readonly Message[] {
  const siblings = childrenByParent(app.messages.messages.peek()).get(answer.parent_id) ?? []
  return siblings.filter(({ id, role, content }) => id !== answer.id && role === 'assistant' && content !== '')
}

const PICOUSD_PER_NANOUSD = 1_000n

/** What was multiplied to get the cost, to the nano-dollar, and by which price table. */
function callFacts(call: Call): readonly Fact[] {
  const lines = (call.price_lines ?? []).map(({ bucket, count, unit_picousd }) => ({
    name: `${count.toLocaleString('en')} ${bucket.replaceAll('_', ' ')}`,
    value: formatNanousd(Number((BigInt(count) * BigInt(unit_picousd)) / PICOUSD_PER_NANOUSD)),
  }))
  const sum =
    call.cost_nanousd === null ? [] : [{ name: 'nano-dollars', value: call.cost_nanousd.toLocaleString('en') }]
  const served = call.served_model === null ? [] : [{ name: 'served by', value: call.served_model }]
  const table = call.price_version === null ? [] : [{ name: 'price table', value: call.price_version }]
  return [...lines, ...sum, ...served, ...table]
}

function rawUsageOf(calls: readonly Call[]): string | null {
  const usage = calls.map(call => call.raw_usage).filter(raw => raw !== null && raw !== undefined)
  return usage.length === 0 ? null : JSON.stringify(usage.length === 1 ? usage[0] : usage, null, 2)
}

function actsOf(turn: Turn, run: (act: TurnAct) => void, openBranches: () => void): readonly SheetAct[] {
  const { answer } = turn
  const row = (label: string, act: TurnAct, hint = ''): SheetAct => ({ label, hint, tone: '', run: () => run(act) })
  const isWritten = (answer?.content ?? '') !== ''
  return [
    ...(isWritten ? [row('copy', 'copy')] : []),
    ...(isCutShort(answer) ? [row('continue', 'continue')] : []),
    row('retry', 'retry', answer === null ? '' : retryHint(answer)),
    row('retry with another model', 'retry-with'),
    row('edit the question', 'edit'),
    row('branch from here', 'branch', 'a new chat up to here'),
    { label: 'all branches', hint: '', tone: '', run: openBranches },
    { ...row('delete', 'delete', 'with what follows'), tone: 'err' },
  ]
}
